/// How the nodes look. Colors of the system are Apple's published ones; the app's own come from its asset catalog.
let stylesheet = """
    *{box-sizing:border-box;min-width:0}
    body{margin:0;width:390px;font:400 var(--body)/1.3 Inter,'DejaVu Sans',sans-serif;color:var(--label);
      letter-spacing:-.01em}
    .light{--label:#000;--label2:#6a6a6e;--sep:rgba(60,60,67,.29);--fill:rgba(120,120,128,.12);--bg:#fff;
      --grouped:#f2f2f7;--card:#fff;--system:#007aff;--material:rgba(250,250,252,.94)}
    .dark{--label:#fff;--label2:#a1a1a8;--sep:rgba(84,84,88,.6);--fill:rgba(120,120,128,.24);--bg:#000;
      --grouped:#000;--card:#1c1c1e;--system:#0a84ff;--material:rgba(30,30,32,.94)}
    body{--tint:var(--asset-AccentColor,var(--system))}
    .phone{position:relative;min-height:844px;display:flex;flex-direction:column;background:var(--bg)}
    .clock{position:absolute;top:0;z-index:1;font-weight:600;font-size:16px;padding:14px 32px 6px}
    .content{flex:1;display:flex;flex-direction:column}
    .n{display:flex;flex:0 1 auto}
    .text{display:block;white-space:pre-wrap;overflow-wrap:anywhere}
    .clamp{display:-webkit-box;-webkit-box-orient:vertical;overflow:hidden}
    .box{flex-direction:column;align-items:stretch}
    .vstack,.nav,.tabs,.scroll,.list,.sheet{flex-direction:column}
    .vstack>.fw,.box>.fw,.scroll>.fw,.nav>.fw,.tabs>.fw,.content>.fw,.row>.fw,.sheet>.fw{align-self:stretch;width:100%}
    .hstack>.fw{flex:1 1 0}
    .zstack{display:grid} .zstack>*{grid-area:1/1} .zstack>.fw{justify-self:stretch;width:100%}
    .zstack>.fh{align-self:stretch;height:100%}
    .vstack>.fh,.box>.fh,.nav>.fh,.tabs>.fh,.content>.fh,.sheet>.fh{flex:1 0 auto}
    .spacer{flex:1 1 0;min-width:8px;min-height:8px}
    .divider{height:1px;background:var(--sep);align-self:stretch;width:100%;flex:none}
    .drawing svg{width:100%;height:100%;display:block;overflow:visible} .drawing.fw{flex:1}
    .symbol{flex:none;width:1.15em;height:1.15em}
    .nav{background:var(--page,var(--bg));padding-top:44px} .sheet .nav{padding-top:6px;border-radius:14px 14px 0 0}
    .bar{align-items:center;min-height:52px;padding:4px 16px;gap:8px;flex:none;width:100%} .bar .n{font-size:17px}
    .slot{align-items:center;gap:14px;flex:0 1 auto} .slot.leading,.slot.trailing{flex:1 1 0}
    .slot.trailing{justify-content:flex-end} .bar .text{white-space:nowrap}
    .bar .button{min-height:44px;min-width:44px} .slot.trailing .button{justify-content:flex-end}
    .slot.leading .button{justify-content:flex-start}
    .title{font-weight:600;text-align:center;overflow:hidden;text-overflow:ellipsis}
    .largeTitle{font-size:min(var(--largeTitle),52px);font-weight:700;padding:2px 16px 10px;align-self:stretch;
      letter-spacing:-.02em;line-height:1.15}
    .back svg{width:.8em;height:1em;flex:none}
    .scroll{align-items:center}
    .list{background:var(--grouped);padding:0 16px 30px} .sectionOf{margin-top:14px;width:100%}
    .card{border-radius:14px;overflow:hidden}
    .row{position:relative;display:flex;align-items:center;min-height:44px;padding:12px 16px;gap:8px;
      background:var(--card)} .row>.n{flex:1 1 auto}
    .row+.row::before{content:'';position:absolute;top:0;inset-inline:16px 0;border-top:1px solid var(--sep)}
    .row>.button{justify-content:flex-start;min-height:44px}
    .sectionHead,.sectionFoot{padding:6px 16px;color:var(--label2);font-size:var(--footnote)}
    .leads{color:var(--label2);width:.6em;height:1em;flex:none} .leads svg{width:100%;height:100%}
    .link{align-items:stretch;flex-direction:column} [dir=rtl] .leads,[dir=rtl] .back svg{transform:scaleX(-1)}
    .button{color:var(--tint);align-items:center;gap:6px;justify-content:center;text-align:start}
    .button.plain{color:inherit;justify-content:flex-start} .disabled{opacity:.4} .disabled .disabled{opacity:1}
    .button>.fw{flex:1 1 auto}
    .bordered,.prominent{padding:10px 18px;border-radius:14px;min-height:44px}
    .bordered{background:color-mix(in srgb,var(--tint) 12%,transparent)}
    .prominent{background:var(--tint);color:#fff} .size-large{min-height:52px}
    .label{align-items:center} .iconOnly>.text{display:none}
    .field{min-height:44px;flex-direction:column;justify-content:center}
    .editor{min-height:calc(7 * var(--body));padding:8px 5px} .box>.editor{flex:1 1 auto}
    .placeholder{color:var(--asset-Quiet,var(--label2))}
    .typed{white-space:pre-wrap;overflow-wrap:anywhere}
    .spinner{width:22px;height:22px;border-radius:50%;border:3px solid var(--fill);border-top-color:var(--label2)}
    .inset{flex:none}
    .above{position:absolute;inset:0;min-height:100%;padding-top:54px;background:rgba(0,0,0,.3);display:flex;
      flex-direction:column;z-index:2}
    .above .sheet{flex:1 0 auto;border-radius:14px 14px 0 0;background:var(--bg)}
    .covered .content{display:none} .covered .above{position:relative;flex:1}
    .tabBar{background:var(--material);border-top:1px solid var(--sep);padding:7px 4px 24px;flex:none;width:100%}
    .tab{flex:1 1 0;flex-direction:column;align-items:center;color:var(--label2);font-size:10px;min-height:44px}
    .tab.on{color:var(--tint)} .tab .n{font-size:10px} .tab .label{flex-direction:column;gap:2px!important}
    .tab .symbol{width:24px;height:24px}
    """
