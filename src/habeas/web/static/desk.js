// What a script adds; every page works without it. Nothing is stored, nothing leaves this server.
(() => {
  "use strict";
  const $ = (what) => document.querySelector(what);
  const say = (text) => { const place = $("#announce"); if (place) place.textContent = text; };

  // The clock runs by the server's, so that a wrong clock on this machine changes no time left.
  const shown = $("[data-now]");
  const ahead = shown ? Number(shown.dataset.now) * 1000 - Date.now() : 0;
  const now = () => Date.now() + ahead;
  const FAR = 4e12;
  const words = (seconds) => {
    const late = seconds < 0, all = Math.floor(Math.abs(seconds) / 60);
    const parts = [[Math.floor(all / 1440), "d"], [Math.floor(all / 60) % 24, "h"], [all % 60, "m"]];
    const text = parts.filter(([n]) => n).map(([n, u]) => `${n} ${u}`).join(" ") || "less than 1 m";
    return late ? `${text} late` : text;
  };
  const LIMITS = [[14400, "4 hours left"], [3600, "1 hour left"], [900, "15 minutes left"], [0, "due now"]];
  const before = new Map();
  const tick = () => {
    for (const each of document.querySelectorAll("[data-by]")) {
      const by = Number(each.dataset.by);
      if (by * 1000 > FAR || each.textContent.startsWith("open")) continue;
      const left = by - now() / 1000;
      const text = words(left);
      if (each.textContent !== text) each.textContent = text;
      const name = each.closest("tr")?.querySelector(".name")?.textContent ?? "";
      const last = before.get(name + by);
      for (const [limit, word] of LIMITS) if (last !== undefined && last > limit && left <= limit) say(`${name}: ${word}`);
      before.set(name + by, left);
    }
  };
  tick();
  setInterval(tick, 15000);

  // News of the worklist, and polling where no stream is to be had.
  if ($("#board")) {
    let lost = 0, source = null, timer = 0;
    const grown = (version) => {
      const board = $("#board");
      const typing = board && board.contains(document.activeElement) && document.activeElement.matches("input");
      if (board && !typing && board.dataset.version !== version) document.body.dispatchEvent(new Event("desk:board"));
    };
    const stale = (is) => { const place = $("#stale"); if (place) place.hidden = !is; };
    const listen = () => {
      source = new EventSource("/events");
      source.addEventListener("board", (e) => { lost = 0; stale(false); grown(e.data); });
      source.addEventListener("still", () => { lost = 0; stale(false); });
      source.onerror = () => { lost += 1; if (lost > 1) stale(true); if (source.readyState === EventSource.CLOSED) { clearTimeout(timer); timer = setTimeout(listen, 5000); } };
    };
    if ("EventSource" in window) listen();
    document.body.addEventListener("htmx:sendError", () => stale(true));
    document.body.addEventListener("htmx:responseError", () => stale(true));
    document.body.addEventListener("htmx:afterSwap", () => stale(false));
    document.body.addEventListener("htmx:afterSwap", tick);
    window.addEventListener("pagehide", () => source && source.close());
  }

  // Two sliders: true when, known when. The address always says both.
  const pad = (n) => String(n).padStart(2, "0");
  const slides = () => {
    for (const slide of document.querySelectorAll(".slide")) {
      if (!slide.hidden) continue;
      slide.hidden = false;
      const field = document.getElementById(slide.dataset.for);
      // The server said which wall time belongs to which minute; a shift of both is the same shift.
      const first = Number(slide.value);
      const [date, time] = field.value.split("T");
      const [y, mo, d] = date.split("-").map(Number), [h, mi] = time.split(":").map(Number);
      const base = Date.UTC(y, mo - 1, d, h, mi);
      slide.setAttribute("aria-valuetext", field.value.replace("T", " "));
      slide.addEventListener("input", () => {
        const at = new Date(base + (Number(slide.value) - first) * 60000);
        field.value = `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}T${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
        slide.setAttribute("aria-valuetext", field.value.replace("T", " "));
        slide.dataset.minute = slide.value;
      });
      slide.addEventListener("change", () => ask(slide));
    }
    const form = $("#times");
    if (form && !form.dataset.ready) {
      form.dataset.ready = "1";
      form.addEventListener("submit", (e) => { if (window.htmx) { e.preventDefault(); ask(null); } });
    }
  };
  const instant = (name) => {
    const slide = document.querySelector(`.slide[data-for=${name}]`);
    // A slider knows the instant itself; a typed wall time is read by the server in the facility's zone.
    if (slide?.dataset.minute) return new Date(Number(slide.dataset.minute) * 60000).toISOString().replace(".000", "");
    return document.getElementById(name).value;
  };
  let asking = 0;
  const ask = (slide) => {
    const path = $("#answer").dataset.path;
    const query = new URLSearchParams({ at: instant("at"), known: instant("known") });
    const url = `${path}?${query}`;
    const which = slide?.dataset.for, mine = (asking += 1);
    if (!window.htmx) { location.assign(url); return; }
    htmx.ajax("GET", url, { target: "#answer", select: "#answer", swap: "outerHTML" }).then(() => {
      if (mine !== asking) return;
      history.replaceState(null, "", url);
      slides();
      const again = which && document.querySelector(`.slide[data-for=${which}]`);
      if (again) again.focus();
      say($("#answer-is")?.textContent ?? "");
    });
  };
  slides();

  // A choice that shows other fields goes on by itself; the button beside it stays.
  for (const select of document.querySelectorAll("select[data-go]")) {
    select.addEventListener("change", (e) => { if (e.isTrusted && !keyed) select.form.requestSubmit(); });
  }
  let keyed = false;
  document.addEventListener("keydown", (e) => { keyed = ["ArrowUp", "ArrowDown", "Home", "End"].includes(e.key); }, true);
  document.addEventListener("pointerdown", () => { keyed = false; }, true);

  // Keys: / find, j and k move, Enter opens.
  let row = -1;
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea")) return;
    if (e.key === "/" && $("#name")) { e.preventDefault(); $("#name").focus(); return; }
    if (e.key !== "j" && e.key !== "k") return;
    const rows = [...document.querySelectorAll("tr[data-row]")];
    if (!rows.length) return;
    rows[row]?.classList.remove("here");
    row = Math.min(Math.max(row + (e.key === "j" ? 1 : -1), 0), rows.length - 1);
    rows[row].classList.add("here");
    rows[row].querySelector("a").focus();
  });
})();
