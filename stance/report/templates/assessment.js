"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // --- the matrix -------------------------------------------------------------------------------------------------------------------
  const measure = byId("measure");
  const cells = [...document.querySelectorAll("#cells td[data-cell]")].map((cell) => ({ cell, values: JSON.parse(cell.dataset.cell) }));
  const form = byId("filters");

  function showMeasure() {
    for (const { cell, values } of cells) {
      const value = values[measure.value];
      cell.textContent = "";
      cell.className = value ? `full ${measure.value}${value[3] ? " below" : ""}` : "";
      cell.removeAttribute("title");
      if (!value) continue;
      const [words, shade, told] = value;
      cell.style.setProperty("--shade", shade);
      cell.title = `${cell.dataset.names}: ${told}`;
      if (!form) {
        cell.textContent = words;
        continue;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.setAttribute("aria-label", `${cell.dataset.names}: ${words}, ${told}; list the statements`);
      button.addEventListener("click", () => choosePair(cell.dataset.speaker, cell.dataset.target, measure.value));
      cell.append(button);
    }
    measure.parentElement.dataset.shown = measure.selectedOptions[0].textContent;
  }
  if (measure) {
    measure.addEventListener("change", showMeasure);
    showMeasure();
  }
  if (!form) return;

  // --- the filters ------------------------------------------------------------------------------------------------------------------
  const field = (name) => byId(`f-${name}`);
  const boxes = [...form.querySelectorAll("input[name=stance]")];
  const articleOf = (anchor) => Number(anchor.slice(1, anchor.indexOf("s"))); // a12s3 is the third statement of the twelfth article
  const articles = [...document.querySelectorAll("#texts article")].map((article, position) => ({
    article,
    number: position + 1,
    marks: [...article.querySelectorAll("mark")].map((mark) => ({ mark, holders: mark.dataset.statement.split(" ") })),
  }));
  const body = document.querySelector("#table tbody");
  const rows = [...body.rows].map((row, order) => {
    const aims = JSON.parse(row.dataset.aims);
    return {
      row, order, aims,
      anchor: row.dataset.anchor, speaker: row.dataset.speaker, date: row.dataset.date,
      words: row.textContent.toLowerCase(),
      keys: {
        date: row.dataset.date, speaker: row.cells[1].textContent.toLowerCase(), stance: aims[0][2],
        target: aims[0][1].toLowerCase(), confidence: aims[0][3], words: row.cells[5].textContent.toLowerCase(),
      },
    };
  });

  function wanted() {
    return {
      actor: field("actor").value, speaker: field("speaker").value, target: field("target").value,
      from: field("from").value, to: field("to").value, words: field("words").value.trim().toLowerCase(),
      confidence: Number(field("confidence").value) / 100,
      stances: new Set(boxes.filter((box) => box.checked).map((box) => box.value)),
    };
  }

  function fits(item, w) {
    if (w.speaker && item.speaker !== w.speaker) return false;
    if ((w.from || w.to) && !item.date) return false;
    if ((w.from && item.date < w.from) || (w.to && item.date > w.to)) return false;
    if (w.words && !item.words.includes(w.words)) return false;
    return item.aims.some(([target, , stance, confidence]) =>
      w.stances.has(stance) && confidence >= w.confidence && (!w.target || target === w.target) &&
      (!w.actor || w.actor === item.speaker || w.actor === target));
  }

  function apply() {
    const w = wanted();
    const shown = new Map();
    const speaking = new Set();
    for (const item of rows) {
      const fit = fits(item, w);
      if (item.row.hidden === fit) item.row.hidden = !fit;
      if (!fit) continue;
      shown.set(item.anchor, item.keys.stance);
      speaking.add(articleOf(item.anchor));
    }
    const all = shown.size === rows.length;
    let left = 0;
    for (const { article, marks, number } of articles) {
      for (const { mark, holders } of marks) {
        const holder = holders.find((anchor) => shown.has(anchor));
        mark.className = holder ? shown.get(holder) : "off";
      }
      article.hidden = !(all || speaking.has(number));
      left += article.hidden ? 0 : 1;
    }
    byId("confidence-shown").textContent = `${field("confidence").value} %`;
    byId("status").textContent =
      `${shown.size.toLocaleString("en")} of ${rows.length.toLocaleString("en")} statements, ${left.toLocaleString("en")} of ${articles.length.toLocaleString("en")} articles`;
  }

  let waiting = 0;
  const later = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(apply);
  };
  form.addEventListener("input", later);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());

  const stanceOf = { issued: "threatening", perceived: "alarmed", deterrent: "deterrent", reassuring: "reassuring" };
  function choosePair(speaker, target, by) {
    form.reset();
    const turned = by === "perceived";
    field("speaker").value = turned ? target : speaker;
    field("target").value = turned ? speaker : target;
    for (const box of boxes) box.checked = by === "tension" ? box.value !== "neutral" : box.value === stanceOf[by];
    setTimeout(() => {
      apply();
      byId("h-statements").scrollIntoView();
      const first = rows.find((item) => !item.row.hidden);
      if (first) first.row.querySelector("a").focus({ preventScroll: true });
    });
  }

  // --- sorting ----------------------------------------------------------------------------------------------------------------------
  for (const button of document.querySelectorAll("#table thead button")) {
    button.addEventListener("click", () => {
      const head = button.parentElement;
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = button.dataset.sort;
      const compare = (a, b) => (a.keys[key] < b.keys[key] ? -1 : a.keys[key] > b.keys[key] ? 1 : 0);
      rows.sort((a, b) => (up ? compare(a, b) : compare(b, a)) || a.order - b.order);
      body.append(...rows.map((item) => item.row));
    });
  }

  // --- from a row to its sentence, and what a statement tells -------------------------------------------------------------------------
  const tip = byId("tip");
  for (const { marks } of articles) {
    for (const { mark } of marks) {
      mark.dataset.told = mark.title;
      mark.removeAttribute("title"); // the page shows it itself, on focus too
      if (mark.id) mark.tabIndex = 0;
      if (mark.id) mark.setAttribute("aria-describedby", "tip");
    }
  }
  function tell(mark) {
    tip.textContent = mark.dataset.told;
    tip.hidden = false;
    const box = mark.getClientRects()[0] || mark.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = `${Math.max(8, Math.min(box.left, room)) + scrollX}px`;
    tip.style.top = `${(above > 0 ? above : box.bottom + 8) + scrollY}px`;
  }
  const texts = byId("texts");
  for (const event of ["mouseover", "focusin"]) {
    texts.addEventListener(event, ({ target }) => {
      const mark = target.closest("mark[data-told]:not(.off)") || document.activeElement.closest("mark[data-told]:not(.off)");
      if (mark) tell(mark);
      else tip.hidden = true;
    });
  }
  texts.addEventListener("focusout", () => (tip.hidden = true));
  texts.addEventListener("mouseleave", () => (tip.hidden = !document.activeElement.closest("mark")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const anchor = link && link.getAttribute("href").slice(1);
    const mark = /^a\d+s\d+$/.test(anchor) && document.querySelector(`mark[data-statement~="${anchor}"]`);
    if (!mark) return;
    event.preventDefault();
    mark.closest("details").open = true;
    mark.closest("article").hidden = false;
    for (const old of document.querySelectorAll("mark[data-chosen]")) delete old.dataset.chosen;
    for (const part of document.querySelectorAll(`mark[data-statement~="${anchor}"]`)) part.dataset.chosen = "";
    history.replaceState(null, "", `#${anchor}`);
    mark.tabIndex = 0;
    mark.scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
  });

  apply();
})();
