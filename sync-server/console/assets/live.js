// Listens for what arrives and lets htmx fetch the page's content again. Without this file (or
// without JavaScript) every page still works and shows the same after a reload.
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

  const place = region();
  if (place && window.EventSource) {
    const stream = new EventSource("/live");
    // "12 min ago" must not stand for an hour. Such a refresh keeps no session alive.
    setInterval(() => { if (!document.hidden) refresh(); }, 60000);
    let lost = false;
    stream.addEventListener("arrived", (event) => {
      const { about, words } = JSON.parse(event.data);
      say(words);
      const own = region()?.dataset.about;
      if (!about || own === "caseload" || own === about) refresh();
    });
    // The session is over: what is on the screen must not stay there.
    stream.addEventListener("over", () => {
      stream.close();
      location.assign("/sign-in");
    });
    stream.addEventListener("error", () => {
      lost = true;
      // A refusal (not a broken line) ends the stream for good: ask the console why.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
    });
    stream.addEventListener("open", () => {
      if (lost) refresh();
      lost = false;
    });
    addEventListener("pagehide", () => stream.close());
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // What a form led to is not read out by itself, and may stand beyond the edge of the screen.
  let asked = false;
  document.addEventListener("submit", () => { asked = true; }, true);
  document.addEventListener("htmx:after:swap", () => {
    if (!asked) return;
    asked = false;
    const told = document.querySelector("#main .error") ?? document.querySelector("#notice .notice");
    say(told?.textContent.replace(/[✓▲]/u, "").trim());
  });
  const failed = () => say("That did not reach the console. What you typed is still here: try again.");
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.raw?.status ?? event.detail?.ctx?.response?.status ?? 0;
    if (status >= 500) failed();
  });
})();
