"use strict";
/* Values of a chart beside the pointer, or beside the mark that the arrow keys have reached. */
(() => {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);

  const show = (mark, x, y) => {
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, x + 12), document.documentElement.clientWidth - box.width - 8);
    const top = y + 16 + box.height > innerHeight ? y - box.height - 10 : y + 16;
    tip.style.left = `${left}px`;
    tip.style.top = `${Math.min(Math.max(8, top), innerHeight - box.height - 8)}px`;
  };
  const hide = () => { tip.hidden = true; };

  document.addEventListener("pointermove", (event) => {
    const mark = event.target.closest("[data-tip]");
    if (mark) show(mark, event.clientX, event.clientY); else hide();
  });
  document.addEventListener("pointerdown", (event) => {
    const mark = event.target.closest("[data-tip]");
    if (mark) show(mark, event.clientX, event.clientY); else hide();
  });
  document.addEventListener("scroll", hide, { passive: true });

  for (const chart of document.querySelectorAll("figure svg")) {
    const marks = [...chart.querySelectorAll("[data-tip]")];
    if (!marks.length) continue;
    let at = -1;
    chart.setAttribute("tabindex", "0");
    chart.addEventListener("blur", () => { marks[at]?.classList.remove("reached"); hide(); });
    chart.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      marks[at]?.classList.remove("reached");
      at = Math.min(Math.max(0, at + steps[event.key]), marks.length - 1);
      marks[at].classList.add("reached");
      const box = marks[at].getBoundingClientRect();
      show(marks[at], box.right, box.top + box.height / 2);
    });
  }
})();
