// Listens for what arrives and lets htmx fetch the page's content again; keeps what is being typed on the
// clinic's computer. Without this file (or without JavaScript) every page still works and shows the same
// after a reload.
"use strict";
(() => {
  let hush = 0;
  const say = (words) => {
    const place = document.getElementById("announce");
    if (!place || !words) return;
    place.textContent = words;
    // It is read out once and stands long enough to be read twice; then it uncovers the page.
    clearTimeout(hush);
    hush = setTimeout(() => { place.textContent = ""; }, 20000);
  };
  const region = () => document.getElementById("live");

  let pending = 0;
  const refresh = () => {
    // Several arrivals at once cost one fetch.
    clearTimeout(pending);
    pending = setTimeout(() => {
      const place = region();
      if (place) place.dispatchEvent(new Event("console-refresh"));
    }, 150);
  };

  // The session is over: what is on the screen must not stay there, and what is typed is kept.
  const leave = () => {
    // Unless somebody's own words are all that is on it, and nowhere else.
    if (document.getElementById("given-back")) return;
    const back = location.pathname + location.search;
    location.assign(back === "/" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(back)}`);
  };

  // What is being typed, by the address of its form: kept a second after the last keystroke.
  const typing = new Map();
  const typed = new Map();
  const keep = (form, goes) => {
    const place = form.dataset.draft;
    clearTimeout(typing.get(place)?.timer);
    typing.get(place)?.abort.abort();
    const abort = new AbortController();
    typing.set(place, { timer: 0, abort });
    const tell = (word) => {
      const said = document.querySelector(`form[data-draft="${CSS.escape(place)}"] [data-keeping]`);
      if (said && said.textContent.trim() !== said.dataset[word]) said.textContent = said.dataset[word];
    };
    return fetch(`/drafts?of=${encodeURIComponent(place)}`, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      keepalive: goes,
      signal: abort.signal,
    }).then((answer) => {
      if (answer.status === 401) leave();
      else tell(answer.ok ? "kept" : "lost");
    }, (error) => {
      if (error.name !== "AbortError") tell("lost");
    });
  };
  const forget = (place) => {
    clearTimeout(typing.get(place)?.timer);
    typing.get(place)?.abort.abort();
    typing.delete(place);
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form) return;
    if (event.target.id) typed.set(event.target.id, event.target.value);
    const place = form.dataset.draft;
    clearTimeout(typing.get(place)?.timer);
    const abort = typing.get(place)?.abort ?? new AbortController();
    const timer = setTimeout(() => keep(form, false), 1000);
    typing.set(place, { timer, abort, form });
  });
  // Whoever leaves the field, or the page, may be gone before the second is over.
  document.addEventListener("change", (event) => {
    const place = event.target.closest?.("form[data-draft]")?.dataset.draft;
    const each = typing.get(place);
    if (each?.timer && each.form) keep(each.form, false);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(false); });
  // Whoever sends the form has no draft any more.
  document.addEventListener("submit", (event) => {
    const place = event.target.dataset?.draft;
    if (!place) return;
    forget(place);
    for (const field of event.target.elements) typed.delete(field.id);
  }, true);
  const keepAll = (goes) => Promise.all([...typing.values()]
    .filter((each) => each.timer && each.form?.isConnected)
    .map((each) => keep(each.form, goes)));
  addEventListener("pagehide", () => { keepAll(true); });

  if (document.getElementById("ending") && window.EventSource) {
    const stream = new EventSource("/live");
    // "12 min ago" must not stand for an hour. Such a refresh keeps no session alive.
    // What is being typed is kept first: the page that comes may have no form for it any more.
    const refreshKeeping = () => { keepAll(false).finally(refresh); };
    setInterval(() => { if (!document.hidden) refreshKeeping(); }, 60000);
    let lost = false;
    stream.addEventListener("arrived", (event) => {
      const { about, words } = JSON.parse(event.data);
      say(words);
      const own = region()?.dataset.about;
      if (!about || own === "caseload" || own === about) refreshKeeping();
    });
    const warn = (canStay) => {
      const ending = document.getElementById("ending");
      ending.hidden = canStay === null;
      ending.querySelector("[data-can-stay]").hidden = !canStay;
      ending.querySelector("[data-cannot-stay]").hidden = canStay !== false;
      document.getElementById("stay").hidden = !canStay;
    };
    stream.addEventListener("ending", (event) => warn(JSON.parse(event.data).canStay));
    stream.addEventListener("going-on", () => warn(null));
    document.getElementById("stay").addEventListener("click", () => {
      fetch("/stay", { method: "POST" }).then((answer) => {
        if (answer.status === 401) leave();
        else if (answer.ok) { warn(null); say("You stay signed in."); }
        else failed();
      }, () => failed());
    });
    stream.addEventListener("over", () => {
      stream.close();
      keepAll(false).finally(leave);
    });
    stream.addEventListener("error", () => {
      lost = true;
      // A refusal (not a broken line) ends the stream for good: ask the console why.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
    });
    stream.addEventListener("open", () => {
      if (lost) refreshKeeping();
      lost = false;
    });
    addEventListener("pagehide", () => stream.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // What a form led to is not read out by itself, and may stand beyond the edge of the screen.
  let asked = false;
  document.addEventListener("submit", () => { asked = true; }, true);
  document.addEventListener("htmx:after:swap", () => {
    // A page that refreshed itself while somebody typed knew less than the field did.
    for (const [id, words] of typed) {
      const field = document.getElementById(id);
      if (!field) typed.delete(id);
      else if (field.value !== words) field.value = words;
    }
    // Nobody is signed in any more: the top of the page must not name anybody.
    if (document.getElementById("given-back")) document.querySelector(".who")?.remove();
    if (!asked) return;
    asked = false;
    const told = document.querySelector("#main .error") ?? document.querySelector("#notice .notice");
    say(told?.textContent.replace(/[✓▲]/u, "").trim());
  });
  const failed = () => {
    say("That did not reach the console. What you typed is still here: try again.");
    for (const form of document.querySelectorAll("form[data-draft]")) {
      if ([...form.elements].some((field) => field.value !== field.defaultValue && field.tagName === "TEXTAREA")) keep(form, false);
    }
  };
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status ?? 0;
    if (status >= 500) failed();
  });
})();
