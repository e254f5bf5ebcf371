// Makes the page smoother: sends without loading it anew, keeps what could not be sent, copies drafts.
// All of it works without this script; it stores nothing in the browser.
"use strict";
(() => {
  const talk = document.getElementById("talk"), state = document.getElementById("state");
  const form = document.getElementById("say"), words = document.body.dataset;
  const copies = (root) => root.querySelectorAll(".copy").forEach((button) => { button.hidden = false; });
  copies(document);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const paper = button.closest(".draft").querySelector(".paper");
    try {
      await navigator.clipboard.writeText(paper.textContent);
    } catch {
      getSelection().selectAllChildren(paper);
      document.execCommand("copy");
    }
    const before = button.textContent;
    button.textContent = state.textContent = words.copied;
    setTimeout(() => { button.textContent = before; state.textContent = ""; }, 2000);
  });
  if (!form) return;

  const box = document.getElementById("text"), files = form.elements.files, sms = form.elements.sms;
  const more = form.querySelector("details"), hint = form.querySelector(".pick .hint"), hinted = hint.textContent;
  const MOST = 16 * 1024 * 1024;
  const queue = [];
  let busy = false;

  const newest = () => Math.max(0, ...[...talk.querySelectorAll("[data-n]")].map((line) => Number(line.dataset.n)));
  const number = () => [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const line = (kind, text) => {
    const item = document.createElement("li"), bubble = document.createElement("div"), p = document.createElement("p");
    item.className = kind;
    bubble.className = "bubble";
    p.textContent = text;
    bubble.append(p);
    item.append(bubble);
    return item;
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = (item) => item.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });

  // Puts what the server says is new into the talk; gives the first reply in it.
  const put = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const part = holder.content.querySelector("ol");
    if (!part) return null;
    if (part.lang) talk.lang = part.lang;
    const first = Number(part.dataset.first || 0);
    const lines = [...part.children].filter((one) => !one.dataset.n || !talk.querySelector(`[data-n="${one.dataset.n}"]`));
    if (first) talk.querySelectorAll("[data-n]").forEach((one) => { if (Number(one.dataset.n) < first) one.remove(); });
    if (lines.some((one) => one.dataset.n)) {
      talk.querySelectorAll(".choices").forEach((one) => one.remove());
      talk.querySelectorAll("#now").forEach((one) => one.removeAttribute("id"));
    }
    lines.forEach((one) => { copies(one); talk.append(one); });
    return lines.find((one) => one.classList.contains("it")) || null;
  };

  // Loads the page anew when the talk goes on in another language than the page, unless that would lose something.
  const turn = () => {
    if (!talk.lang || talk.lang === document.documentElement.lang) return;
    if (!queue.length && !box.value && !sms.value && !files.files.length) location.reload();
  };

  const look = async () => {
    try {
      const answer = await fetch(`/new?after=${newest()}`, { headers: { "X-Part": "1" } });
      if (answer.status === 200) put(await answer.text());
      turn();
    } catch { /* no network: the next look finds it */ }
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (queue.length) {
      const { data, mine, byKey } = queue[0];
      mine.classList.remove("failed");
      mine.querySelector(".again")?.remove();
      const waits = line("it waits", data.getAll("files").some((one) => one.size) ? words.reads : words.waits);
      const later = setTimeout(() => { talk.append(waits); show(waits); }, 350);
      try {
        data.set("after", newest());
        const answer = await fetch("/say", { method: "POST", body: data, headers: { "X-Part": "1" } });
        const html = await answer.text();
        if (answer.status >= 500 && !html.includes("<ol")) throw new Error(answer.status);
        const again = answer.status >= 500 || answer.status === 429;
        if (!again) { mine.remove(); queue.shift(); }
        const reply = put(html);
        if (again) throw new Error(answer.status);
        if (reply) {
          show(reply.previousElementSibling?.classList.contains("me") ? reply.previousElementSibling : reply);
          if (byKey) { reply.tabIndex = -1; reply.focus({ preventScroll: true }); }
        }
      } catch {
        const again = document.createElement("button");
        again.type = "button";
        again.className = "again";
        again.textContent = words.again;
        mine.classList.add("failed");
        mine.append(again);
        state.textContent = words.failed;
        show(mine);
        break;
      } finally {
        clearTimeout(later);
        waits.remove();
      }
      state.textContent = "";
    }
    busy = false;
    turn();
  };

  const send = (data, text, byKey = false) => {
    data.set("id", number());
    const mine = line("me sending", text);
    talk.append(mine);
    show(mine);
    queue.push({ data, mine, byKey });
    work();
  };

  talk.addEventListener("submit", (event) => {
    const tapped = event.submitter;
    if (!tapped || !event.target.matches(".choices")) return;
    event.preventDefault();
    const data = new FormData(event.target);
    data.set(tapped.name, tapped.value);
    event.target.hidden = true;
    send(data, tapped.textContent, tapped.matches(":focus-visible"));
  });
  talk.addEventListener("click", (event) => { if (event.target.matches(".again")) work(); });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = [...files.files];
    if (chosen.reduce((sum, one) => sum + one.size, 0) > MOST) { state.textContent = words.large; return; }
    const told = [box.value.trim(), sms.value.trim(), chosen.map((one) => one.name).join("\n")].filter(Boolean);
    if (!told.length) { box.focus(); return; }
    const data = new FormData(form);
    box.value = sms.value = files.value = "";
    hint.textContent = hinted;
    more.open = false;
    send(data, told.join("\n"));
    box.focus({ preventScroll: true });
  });
  const typesOnKeys = matchMedia("(pointer: fine)").matches;
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !typesOnKeys) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const choose = (list) => {
    const all = new DataTransfer();
    [...files.files, ...list].slice(0, 9).forEach((one) => all.items.add(one));
    files.files = all.files;
    files.dispatchEvent(new Event("change"));
  };
  files.addEventListener("change", () => {
    const count = files.files.length;
    hint.textContent = count ? words.chosen + count : hinted;
    state.textContent = count ? words.chosen + count : "";
    if (count) more.open = true;
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    choose(event.clipboardData.files);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    choose(event.dataTransfer.files);
  });

  document.getElementById("leave").addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    location.replace(event.currentTarget.href);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details[open]").forEach((one) => { one.open = false; });
  });
  addEventListener("online", () => (queue.length ? work() : look()));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  const now = document.getElementById("now");
  if (now) (now.previousElementSibling?.classList.contains("me") ? now.previousElementSibling : now).scrollIntoView();
})();
