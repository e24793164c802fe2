// Small help for people whose browser runs scripts. Every page works without it.
"use strict";

// After a refused form, start reading at the list of corrections.
document.querySelector("[data-focus]")?.focus();

// A code that no server is to see in an address: out of the fragment into the field, and out of the history.
function takeFragment() {
  const field = document.querySelector("[data-from-fragment]");
  if (!field || location.hash.length < 2) return;
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
takeFragment();
window.addEventListener("hashchange", takeFragment);

// A second click on a slow form must not send it twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
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
const seconds = Math.max(2, Math.min(...live.map((id) => Number(document.getElementById(id).dataset.live) || 10)));
const served = new Map(live.map((id) => [id, document.getElementById(id).innerHTML]));
let misses = 0;
let known = "";
const own = document.querySelector("input[name=csrf_token]")?.value ?? "";

// What somebody has typed is never replaced. An empty field that must be filled in is always invalid, so that says nothing.
function inUse(element) {
  return element.querySelector("[data-typed], [data-sent], input:focus, select:focus, textarea:focus");
}

// What is unfolded stays so, and the keyboard stays on the same link or button while it is there.
function replace(shown, now) {
  const title = (details) => details.querySelector("summary").textContent;
  const open = new Set([...shown.querySelectorAll("details[open]")].map(title));
  const focused = shown.contains(document.activeElement) ? document.activeElement.outerHTML : null;
  shown.replaceChildren(...document.importNode(now, true).childNodes);
  prepare(shown);
  for (const details of shown.querySelectorAll("details")) if (open.has(title(details))) details.open = true;
  if (!focused) return;
  const same = [...shown.querySelectorAll("a, button, summary")].find((one) => one.outerHTML === focused);
  same?.focus({ preventScroll: true });
}

function renew(fresh) {
  let whole = true;
  for (const id of live) {
    const shown = document.getElementById(id);
    const now = fresh.getElementById(id);
    if (!shown || !now || served.get(id) === now.innerHTML) continue;
    if (inUse(shown)) {
      whole = false;
      continue;
    }
    served.set(id, now.innerHTML);
    replace(shown, now);
  }
  return whole;
}

// How much is open stands in the title of the tab, also while another tab is looked at.
function countInTitle() {
  const open = [...document.querySelectorAll("[data-count]")].reduce((sum, one) => sum + (parseInt(one.textContent) || 0), 0);
  const title = document.title.replace(/^\(\d+\) /, "");
  if (document.querySelector("[data-count]")) document.title = open ? `(${open}) ${title}` : title;
}

const counts = document.querySelector("[data-count]");

async function follow() {
  if (!document.hidden || counts) {
    try {
      const headers = { "X-Cpt-Live": "1", ...(known && { "If-None-Match": known }) };
      const answer = await fetch(location.href, { headers, redirect: "manual" });
      if (!answer.ok && answer.status !== 304) throw new Error("no page");
      if (answer.ok) {
        const text = (await answer.text()).replaceAll("the-token-of-this-page", own);
        const whole = renew(new DOMParser().parseFromString(text, "text/html"));
        countInTitle();
        known = whole ? (answer.headers.get("ETag") ?? "") : ""; // what somebody uses is offered again
      }
      misses = 0;
    } catch {
      misses += 1;
    }
    for (const id of live) document.getElementById(id)?.toggleAttribute("data-stale", misses > 2);
  }
  setTimeout(follow, 1000 * Math.max(seconds, document.hidden ? 60 : 0) * Math.min(2 ** misses, 16));
}

if (live.length) setTimeout(follow, 1000 * seconds);
document.addEventListener("input", (event) => event.target.setAttribute("data-typed", ""));

// A link into something folded unfolds it, and the keyboard goes there.
document.addEventListener("click", (event) => {
  const there = event.target.closest?.('a[href^="#"]')?.hash;
  const target = there && document.getElementById(there.slice(1));
  target?.closest("details")?.setAttribute("open", "");
  if (target?.matches("input, textarea, select")) setTimeout(() => target.focus());
});

// Alt with a letter presses what names it in data-key, or goes to the field.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Key[A-Z]$/.test(event.code)) return;
  const target = document.querySelector(`[data-key="${event.code.slice(3).toLowerCase()}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button, summary")) target.click();
  target.focus();
});

// Copying a value, choosing a whole page and naming the keys need a script, so the script brings their marks along.
function prepare(part) {
  for (const named of part.querySelectorAll("[data-key]:not([aria-keyshortcuts])")) {
    const key = named.dataset.key.toUpperCase();
    named.setAttribute("aria-keyshortcuts", `Alt+${key}`);
    if (!named.matches("a, button, summary")) continue;
    const mark = Object.assign(document.createElement("kbd"), { textContent: `Alt ${key}` });
    mark.setAttribute("aria-hidden", "true");
    named.append(mark);
  }
  for (const value of part.querySelectorAll("[data-copy]:not(:has(button))")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy ${value.dataset.copy}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value.querySelector("[data-value]").textContent.trim());
      button.textContent = "Copied";
    });
    value.append(button);
  }
  for (const all of part.querySelectorAll("[data-all][hidden]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) if (box.checked !== all.checked) box.click();
    });
  }
  for (const field of part.querySelectorAll("[data-fingerprint][hidden]")) {
    if (!window.crypto?.subtle) continue; // a browser computes it for pages from a safe address only
    field.hidden = false;
    field.querySelector("input").addEventListener("change", (event) => fingerprint(field, event.target.files[0]));
  }
}
prepare(document);
document.addEventListener("visibilitychange", () => !document.hidden && live.length && misses === 0 && countInTitle());

// A page is printed with everything unfolded.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details")) details.open = true;
});
for (const button of document.querySelectorAll("[data-print][hidden]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The fingerprint of a file is computed here, so that the file need not go anywhere.
async function fingerprint(field, file) {
  const [sum, name] = field.dataset.fingerprint.split(" ").map((id) => document.getElementById(id));
  const bytes = file ? [...new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))] : [];
  sum.value = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  name.value = file?.name ?? "";
}

// A form with data-here stays where it is: a refusal stands beside it, with everything that was typed. Without a script it is a page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-here]")) return;
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent), headers: { "X-Cpt-Form": "1", Accept: "text/html" } });
    if (answer.status === 204) return goTo(answer.headers.get("X-Cpt-To") ?? location.href);
    complain(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    complain(form, null);
  }
  delete form.dataset.sent;
});

function goTo(there) {
  const next = new URL(there, location.href);
  const same = next.pathname + next.search === location.pathname + location.search;
  location.assign(next);
  if (same && next.hash) location.reload(); // only the place on the page differs: it would not be asked for again
}

function complain(form, page) {
  form.querySelector(".errors")?.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const box = Object.assign(document.createElement("div"), { className: "errors", tabIndex: -1 });
  box.setAttribute("role", "alert");
  const title = page?.querySelector("main h1")?.textContent ?? "The office's computer did not answer";
  box.append(Object.assign(document.createElement("h2"), { textContent: title }));
  const lead = page ? page.querySelector("main .lead")?.textContent : "Nothing may have been changed. Wait a moment and send it again.";
  if (lead) box.append(Object.assign(document.createElement("p"), { textContent: lead }));
  const list = document.createElement("ul");
  for (const fault of page?.querySelectorAll("main [data-field]") ?? []) {
    const field = form.elements.namedItem(fault.dataset.field);
    const item = document.createElement("li");
    const words = fault.querySelector("[data-message]").textContent;
    if (field?.id) {
      field.setAttribute("aria-invalid", "true");
      item.append(Object.assign(document.createElement("a"), { href: `#${field.id}`, textContent: words }));
    } else item.textContent = words;
    list.append(item);
  }
  if (list.children.length) box.append(list);
  const again = page?.querySelector('main a[href^="/signin"]');
  if (again) box.append(document.importNode(again, true)); // the session has ended: signed in again, the page has what was typed
  form.prepend(box);
  box.focus();
}

// What is wrong with an answer is said when its field is left; the words are the server's.
document.addEventListener("focusout", async (event) => {
  const form = event.target.form;
  if (!form?.dataset.faults || !event.target.matches("[data-typed]") || event.relatedTarget?.matches("button")) return;
  try {
    const sent = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.faults, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    if (answer.ok) mark(form, await answer.json());
  } catch {} // it is said when the page is sent
});

function mark(form, faults) {
  for (const field of form.querySelectorAll("[data-typed]")) {
    const box = field.closest(".field");
    const words = faults[field.name];
    const id = `${field.id}-error`;
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
    let said = document.getElementById(id);
    if (!words) said?.remove();
    else if (!said) {
      said = Object.assign(document.createElement("p"), { className: "wrong", id });
      said.setAttribute("role", "status");
      field.before(said);
    }
    if (words && said.textContent !== words) said.textContent = words;
    if (words) described.push(id);
    box?.classList.toggle("bad", Boolean(words));
    field.toggleAttribute("aria-invalid", Boolean(words));
    if (words) field.setAttribute("aria-invalid", "true");
    described.length ? field.setAttribute("aria-describedby", described.join(" ")) : field.removeAttribute("aria-describedby");
  }
}

// What was typed before a session ended goes back into its form.
for (const note of document.querySelectorAll("[data-kept]")) {
  const form = [...document.forms].find((one) => one.method === "post" && new URL(one.action).pathname === note.dataset.kept);
  for (const said of form ? note.querySelectorAll("[data-name]") : []) {
    const field = form.elements.namedItem(said.dataset.name);
    if (!field || field.type === "hidden") continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = said.textContent;
    (field[0] ?? field).setAttribute?.("data-typed", "");
  }
  if (!form) continue;
  form.closest("details")?.setAttribute("open", "");
  note.querySelector("dl").remove();
  history.replaceState(null, "", location.pathname);
  form.querySelector("[data-typed]")?.focus();
}

// A file on its way shows how far it is; the answer is the page that the form would have led to.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-progress]") || event.defaultPrevented) return;
  event.preventDefault();
  const bar = Object.assign(document.createElement("progress"), { max: 1 });
  bar.setAttribute("aria-label", "Sending the file");
  form.append(bar);
  const sending = new XMLHttpRequest();
  sending.upload.addEventListener("progress", (now) => (bar.value = now.loaded / (now.total || 1)));
  sending.addEventListener("load", () => {
    if (sending.status === 204) return goTo(sending.getResponseHeader("X-Cpt-To") ?? location.href);
    const page = new DOMParser().parseFromString(sending.responseText, "text/html");
    document.querySelector("main").replaceWith(document.importNode(page.querySelector("main"), true));
    document.querySelector("main").focus();
  });
  sending.addEventListener("error", () => form.submit());
  sending.open("POST", form.action);
  sending.setRequestHeader("X-Cpt-Form", "1");
  sending.setRequestHeader("Accept", "text/html");
  sending.send(new FormData(form));
});

// Which terms two dates touch is said while they are chosen; the server says the same when the page is shown again.
for (const said of document.querySelectorAll("[data-terms]")) {
  const [first, last] = said.dataset.terms.split(" ").map((id) => document.getElementById(id));
  const rows = [...document.querySelectorAll("tr[data-first]")];
  const tell = () => {
    const whole = first.value && last.value && first.value <= last.value;
    const touched = rows.filter((row) => whole && row.dataset.first <= last.value && row.dataset.last >= first.value);
    for (const row of rows) row.classList.toggle("fresh", touched.includes(row));
    const names = touched.map((row) => row.cells[0].textContent).join(", ");
    said.textContent = names ? `Your dates touch ${names}.` : whole ? "Your dates are outside any term." : "";
  };
  for (const field of [first, last]) field.addEventListener("change", tell);
}
