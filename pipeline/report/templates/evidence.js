/* The list of statements: filtered, shown a few at a time, given out as CSV. Texts enter the page as text only. */
(() => {
  const revealed = () => {
    const inside = document.querySelector(":target")?.closest("details");
    if (!inside || inside.open) return;
    inside.open = true;
    document.querySelector(":target").scrollIntoView();
  };
  addEventListener("load", revealed);
  addEventListener("hashchange", revealed);

  const block = document.getElementById("statement-data");
  if (!block) return;
  const FIRST = 10;
  const MORE = 25;
  const MARKS = { favor: "▲", neutral: "◆", against: "▼" };
  const PERIODS = ["", "before", "after"];
  const { articles, comparisons, context, labels, levels, statements } = JSON.parse(block.textContent);
  const form = document.getElementById("statement-filter");
  const controls = form.elements;
  const selects = [...form.querySelectorAll("select")];
  const list = document.getElementById("statements-shown");
  const more = document.getElementById("statements-more");
  let fitting = [];

  const level = (column, row) => levels[column][statements[column][row]];
  const label = (column, row) => labels[column][statements[column][row]];
  const article = (column, row) => articles[column][statements.article[row]];
  const outlet = (row) => levels.outlet[article("outlet", row)];
  const code = (column, row) => column === "outlet" ? article("outlet", row) : statements[column][row];
  const number = (quantity) => quantity.toLocaleString("en-US");

  /* Filters */

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").toLowerCase();
  const folded = Object.fromEntries(["holder", "text", "outlet"].map((name) => [name, levels[name].map(fold)]));
  const counted = Object.fromEntries(Object.entries(comparisons).map(([anchor, { before, after }]) =>
    [anchor, { before: new Set(before), after: new Set(after), "": new Set([...before, ...after]) }]));
  const given = (name) => controls[name]?.value.trim() ?? "";

  /* What has been asked for: [name of the filter, does a row pass]. */
  const conditions = () => {
    const asked = [];
    const comparison = counted[given("comparison")]?.[given("period")];
    if (comparison) asked.push(["comparison", (row) => comparison.has(row)]);
    for (const { name, value } of selects) {
      if (name in labels || name === "outlet") {
        if (value) asked.push([name, (row) => code(name, row) === Number(value)]);
      }
    }
    for (const [name, column] of [["holder", "holder"], ["text", "text"], ["outlet_text", "outlet"]]) {
      const words = fold(given(name));
      if (words) asked.push([name, (row) => folded[column][code(column, row)].includes(words)]);
    }
    const [from, to] = [given("from"), given("to")];
    if (from) asked.push(["from", (row) => article("date", row) >= from]);
    if (to) asked.push(["to", (row) => article("date", row) && article("date", row) <= to]);
    return asked;
  };

  /* The options of a select under which a row falls. */
  const options = (name, row) => {
    if (name === "comparison") {
      return ["", ...Object.keys(counted).filter((anchor) => counted[anchor][given("period")].has(row))];
    }
    if (name === "period") return PERIODS.filter((period) => counted[given("comparison")]?.[period].has(row));
    return ["", String(code(name, row))];
  };

  const update = () => {
    if (controls.period) {
      controls.period.disabled = !given("comparison");
      if (controls.period.disabled) controls.period.value = "";
    }
    const asked = conditions();
    const counts = new Map(selects.map((select) => [select, {}]));
    fitting = [];
    for (const row of statements.article.keys()) {
      const failed = asked.filter(([, passes]) => !passes(row)).map(([name]) => name);
      if (!failed.length) fitting.push(row);
      if (failed.length > 1) continue;
      /* An option's count is what it would give beside the other filters. */
      for (const [select, count] of counts) {
        const own = select.name === "period" ? "comparison" : select.name;
        if (failed.length && failed[0] !== own) continue;
        for (const option of options(select.name, row)) count[option] = (count[option] ?? 0) + 1;
      }
    }
    for (const [select, count] of counts) {
      for (const option of select.options) {
        const quantity = select.disabled ? "" : ` (${number(count[option.value] ?? 0)})`;
        option.textContent = `${option.dataset.label}${quantity}`;
      }
    }
    tell();
    list.replaceChildren();
    showMore();
  };

  const tell = () => {
    const all = `${number(fitting.length)} of ${number(statements.article.length)} statements`;
    const none = fitting.length ? "" : ". Nothing fits all of these filters.";
    document.getElementById("statements-found").textContent = `${all}${none}`;
    const used = [...controls].filter((control) => control.name && control.value && !control.disabled);
    const told = used.map((control) =>
      `${control.labels[0].firstChild.textContent.trim()}: ${control.selectedOptions?.[0].dataset.label ?? control.value}`);
    document.getElementById("statements-filters").textContent = told.length ? `${told.join("; ")}.` : "No filter.";
    /* Printed only where somebody has chosen what to see. */
    const isChosen = ({ selectedOptions, value }) => value && !selectedOptions?.[0].defaultSelected;
    document.getElementById("statements").classList.toggle("chosen", [...controls].some(isChosen));
    document.getElementById("statements-csv").disabled = !fitting.length;
  };

  /* Results */

  const make = (tag, className, ...parts) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...parts);
    return element;
  };
  const day = (date) => date
    ? new Date(`${date}T00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
    : "no date";
  const probability = (p) => p < 0.001 ? "<\u00a0.001" : p.toFixed(3).replace(/^0/, "");
  const around = (column, row) => [...levels.text[statements[column][row]]];
  const contextBefore = (row) => {
    const text = around("before", row);
    return text.length > context ? `… ${text.slice(-context).join("").trimStart()}` : text.join("");
  };
  const contextAfter = (row) => {
    const text = around("after", row);
    return text.length > context ? `${text.slice(0, context).join("").trimEnd()} …` : text.join("");
  };
  const headline = (row) => {
    const [title, url] = [article("title", row), article("url", row)];
    if (!/^https?:\/\//i.test(url)) return title || "untitled";
    const link = make("a", "", title || url);
    link.href = url;
    link.rel = "noopener noreferrer";
    return link;
  };
  const coding = (row) => level("coded_by", row) === "gold"
    ? `gold label, weight\u00a0${statements.weight[row].toFixed(2)}`
    : `read by the model: target\u00a0${probability(statements.p_target[row])}, stance\u00a0${probability(statements.p_stance[row])}`;

  const item = (row) => {
    const stance = level("stance", row);
    const mark = make("span", "", MARKS[stance]);
    mark.setAttribute("aria-hidden", "true");
    const [before, after] = [contextBefore(row), contextAfter(row)];
    const entry = make("li", "",
      make("p", "who", make("span", `stance ${stance}`, mark, ` ${stance}`), " ", make("strong", "", level("holder", row)), " ",
        make("span", "quiet", `(${label("holder_kind", row)}, ${label("holder_side", row)}) on ${label("target", row)}`)),
      make("blockquote", "", make("p", "",
        ...(before ? [make("span", "context", before), " "] : []),
        make("mark", "", level("text", row)),
        ...(after ? [" ", make("span", "context", after)] : []))),
      make("p", "where", `${day(article("date", row))}, ${outlet(row) || "outlet unknown"}: `, headline(row), ` · ${coding(row)}`));
    entry.tabIndex = -1;
    return entry;
  };

  const showMore = () => {
    const start = list.children.length;
    const next = fitting.slice(start, start + (start ? MORE : FIRST)).map(item);
    list.append(...next);
    const left = fitting.length - start - next.length;
    more.hidden = !left;
    more.textContent = `Show ${number(Math.min(left, MORE))} more`;
    return next[0];
  };

  /* CSV */

  const COLUMNS = {
    coded_by: (row) => level("coded_by", row),
    date: (row) => article("date", row),
    outlet,
    title: (row) => article("title", row),
    url: (row) => article("url", row),
    holder: (row) => level("holder", row),
    holder_side: (row) => level("holder_side", row),
    holder_kind: (row) => level("holder_kind", row),
    target: (row) => level("target", row),
    stance: (row) => level("stance", row),
    weight: (row) => statements.weight[row],
    p_target: (row) => statements.p_target[row],
    p_stance: (row) => statements.p_stance[row],
    sentence: (row) => level("text", row),
  };
  const cell = (content) => {
    if (typeof content !== "string") return content ?? "";
    const harmless = content.replace(/^[=+\-@\t\r]/, "'$&");
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const csv = () => [Object.keys(COLUMNS), ...fitting.map((row) => Object.values(COLUMNS).map((column) => cell(column(row))))]
    .map((cells) => `${cells.join(",")}\r\n`).join("");
  const download = () => {
    const link = make("a", "");
    /* The mark in front tells spreadsheets that the file is UTF-8. */
    link.href = URL.createObjectURL(new Blob(["\ufeff", csv()], { type: "text/csv" }));
    link.download = `${form.dataset.corpus}_statements.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  document.getElementById("statements-need-scripts").hidden = true;
  document.getElementById("statements").hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  more.addEventListener("click", () => showMore().focus());
  document.getElementById("statements-csv").addEventListener("click", download);
  document.getElementById("statements-reset").addEventListener("click", () => { form.reset(); update(); });
  for (const button of document.querySelectorAll("button[data-comparison]")) {
    button.textContent = `Show its ${number(counted[button.dataset.comparison][""].size)} statements in the list below`;
    button.hidden = false;
    button.addEventListener("click", () => {
      const heading = document.getElementById("statements-heading");
      form.reset();
      controls.comparison.value = button.dataset.comparison;
      update();
      heading.scrollIntoView();
      heading.focus({ preventScroll: true });
    });
  }
  update();
})();
