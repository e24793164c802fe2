// Small help for people whose browser runs scripts. Every page works without it.
"use strict";

// After a refused form, start reading at the list of corrections.
document.querySelector("[data-focus]")?.focus();

// A second click on a slow form must not send it twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Elements with an id and data-live="seconds" follow the page as the server would show it now.
const live = [...document.querySelectorAll("[data-live][id]")].map((element) => element.id);
const seconds = Math.max(2, ...live.map((id) => Number(document.getElementById(id).dataset.live) || 10));
let misses = 0;

function inUse(element) {
  return element.contains(document.activeElement) && document.activeElement !== document.body;
}

function renew(fresh) {
  for (const id of live) {
    const shown = document.getElementById(id);
    const now = fresh.getElementById(id);
    if (!shown || !now || inUse(shown) || shown.innerHTML === now.innerHTML) continue;
    shown.replaceChildren(...document.importNode(now, true).childNodes);
  }
}

async function follow() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { "X-Cpt-Live": "1" }, redirect: "manual" });
      if (!answer.ok) throw new Error("no page");
      renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      misses = 0;
    } catch {
      misses += 1;
    }
    for (const id of live) document.getElementById(id)?.toggleAttribute("data-stale", misses > 2);
  }
  setTimeout(follow, 1000 * seconds * Math.min(2 ** misses, 16));
}

if (live.length) setTimeout(follow, 1000 * seconds);
