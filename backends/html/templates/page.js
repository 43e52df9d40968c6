
"use strict";
// The switches, the search and the copy buttons of a page. Without this script all is shown.
(() => {
  const place = document.getElementById("page:data");
  if (!place) return;
  const data = JSON.parse(place.textContent);

  // Values. A whole number is a BigInt, and OTHER is a value that no condition names.
  const OTHER = Symbol("another value");
  const decoded = (value) =>
    value !== null && typeof value === "object" ? BigInt(value.integer) : value;
  const numeric = (value) =>
    typeof value === "boolean" ? BigInt(value) : typeof value === "bigint" ? value : null;
  const order = (left, right) => (left > right ? 1 : left < right ? -1 : 0);
  const equal = (left, right) =>
    numeric(left) !== null && numeric(right) !== null
      ? numeric(left) === numeric(right)
      : left === right;

  // Versions, as reqc compares them: numbers between dots, then those of a build behind a dash.
  const SHAPE = /^v?([0-9]+(?:\.[0-9]+)*)(?:-([0-9]+(?:\.[0-9]+)*))?/;
  const numbers = (dotted) => (dotted ? dotted.split(".").map(BigInt) : []);
  const orderNumbers = (left, right) => {
    for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
      const found = order(left[at] ?? 0n, right[at] ?? 0n);
      if (found) return found;
    }
    return 0;
  };
  const orderVersions = (found, wanted) => {
    const [, base, build] = SHAPE.exec(found);
    const [, wantedBase, wantedBuild] = SHAPE.exec(wanted);
    const first = orderNumbers(numbers(base), numbers(wantedBase));
    return first || !wantedBuild ? first : orderNumbers(numbers(build), numbers(wantedBuild));
  };

  // Conditions, with three values: null is for what the choices leave open.
  const HOLDS = {
    "<": (sign) => sign < 0, "<=": (sign) => sign <= 0, "=": (sign) => sign === 0,
    "!=": (sign) => sign !== 0, ">=": (sign) => sign >= 0, ">": (sign) => sign > 0,
  };
  const compare = (found, node) => {
    const wanted = decoded(node.value);
    if (node.ordered) return orderVersions(String(found), String(wanted));
    const [left, right] = [numeric(found), numeric(wanted)];
    if (left !== null && right !== null) return order(left, right);
    return equal(found, wanted) ? 0 : 1;
  };
  const all = (outcomes) =>
    outcomes.includes(false) ? false : outcomes.includes(null) ? null : true;
  const any = (outcomes) =>
    outcomes.includes(true) ? true : outcomes.includes(null) ? null : false;
  const evaluate = (node, choices) => {
    if (node === null) return true;
    const found = node.option === undefined ? null : (choices.get(node.option) ?? null);
    switch (node.type) {
      case "chosen": return found === null ? null : found === true;
      case "compared": return found === null ? null : HOLDS[node.relation](compare(found, node));
      case "one-of":
        return found === null ? null : node.values.some((one) => equal(found, decoded(one)));
      case "both": return all(node.parts.map((part) => evaluate(part, choices)));
      case "either": return any(node.parts.map((part) => evaluate(part, choices)));
      case "unless": {
        const outcome = evaluate(node.part, choices);
        return outcome === null ? null : !outcome;
      }
      default: throw new Error(`no such condition: ${node.type}`);
    }
  };
  const mentioned = (node, into = new Set()) => {
    if (node === null) return into;
    if (node.option !== undefined) into.add(node.option);
    for (const part of node.parts ?? (node.part ? [node.part] : [])) mentioned(part, into);
    return into;
  };

  // The controls.
  const byId = (id) => document.getElementById(id);
  const TYPED = {
    int: (text) => /^[0-9]{1,18}$/.test(text) && BigInt(text),
    port: (text) =>
      /^[0-9]{1,5}$/.test(text) && BigInt(text) > 0n && BigInt(text) < 65536n && BigInt(text),
    version: (text) =>
      /^v?[0-9]{1,18}(\.[0-9]{1,18})*(-[0-9]{1,18}(\.[0-9]{1,18})*)?$/.test(text) && text,
  };
  const controls = data.switches.map((one) => ({ ...one, element: byId(one.id) }));
  const chosen = ({ kind, offers, element }) => {
    const text = element.value.trim();
    if (offers !== null) {
      if (text === "") return null;
      const offer = offers[Number(text)];
      return offer === null ? OTHER : decoded(offer);
    }
    const value = text === "" ? null : TYPED[kind](text);
    element.setAttribute("aria-invalid", String(value === false));
    return value === false ? null : value;
  };
  const set = ({ offers, element }, value) => {
    if (offers === null) {
      element.value = value === null ? "" : String(value);
    } else {
      const at = offers.findIndex((one) => one !== null && value !== null && equal(decoded(one), value));
      element.value = at < 0 ? "" : String(at);
    }
  };

  // The rows.
  const rows = new Map(data.requirements.map((one) => [one.id, []]));
  for (const row of document.querySelectorAll("tr[data-requirement]"))
    rows.get(row.dataset.requirement).push(row);
  const texts = new Map(
    [...rows].map(([id, found]) => [id, found.map((row) => row.textContent).join(" ").toLowerCase()]),
  );
  const spelled = (value) => (value === OTHER ? "another value" : String(value));
  const explained = (item, outcome, choices, touched) => {
    const words = [];
    const deciding = [...mentioned(item.condition)];
    if (item.withdrawn) return "";
    if (touched && deciding.length > 0) {
      const open = deciding.filter((name) => (choices.get(name) ?? null) === null);
      words.push(
        outcome === null ? `open, depends on ${open.join(", ")}` : outcome ? "applies" : "does not apply",
      );
    }
    for (const [name, value] of Object.entries(item.bound)) {
      const choice = choices.get(name) ?? null;
      if (choice !== null && !equal(choice, decoded(value)))
        words.push(`written for ${name} = ${spelled(decoded(value))}`);
    }
    return words.join("; ");
  };

  let arrived = "";
  const search = byId("page:search");
  const showAll = byId("page:all");
  const update = () => {
    const choices = new Map(controls.map((one) => [one.name, chosen(one)]));
    const touched = [...choices.values()].some((value) => value !== null);
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set();
    let applying = 0;
    for (const item of data.requirements) {
      const outcome = item.withdrawn ? false : evaluate(item.condition, choices);
      const off = outcome === false && (touched || item.withdrawn);
      if (outcome !== false) applying += 1;
      const kept = !off || item.withdrawn || showAll?.checked || item.id === arrived;
      const found = asked.every((word) => texts.get(item.id).includes(word));
      if (kept && (found || item.id === arrived)) shown.add(item.id);
      const words = explained(item, outcome, choices, touched);
      for (const row of rows.get(item.id)) {
        row.hidden = !shown.has(item.id);
        row.classList.toggle("off", off);
        row.classList.toggle("arrived", item.id === arrived);
        row.querySelector(".state").textContent = words;
      }
    }
    for (const { id, condition } of data.roles) {
      const row = byId(id)?.closest("tr");
      if (row) row.hidden = evaluate(condition, choices) === false && !showAll?.checked;
    }
    updateSections();
    updateDiagram(shown);
    byId("page:count").textContent =
      `${shown.size} of ${data.requirements.length} requirements shown; ` +
      `${applying} ${touched ? "apply or may apply to these choices" : "apply to some deployment"}`;
  };
  const updateSections = () => {
    for (const section of document.querySelectorAll("section.part")) {
      const tables = [...section.querySelectorAll(".scroll")];
      for (const table of tables) table.hidden = !table.querySelector("tbody tr:not([hidden])");
      section.querySelector(".nothing").hidden =
        tables.length === 0 || tables.some((table) => !table.hidden);
    }
  };
  const updateDiagram = (shown) => {
    const picture = document.querySelector("svg.diagram");
    if (!picture) return;
    const [top, step, margin] = ["top", "row", "margin"].map((key) => Number(picture.dataset[key]));
    let at = 0;
    for (const arrow of picture.querySelectorAll("g.arrow")) {
      const kept = arrow.dataset.requirements.split(" ").some((id) => shown.has(id));
      arrow.style.display = kept ? "" : "none";
      if (kept) arrow.setAttribute("transform", `translate(0 ${top + step * at++})`);
    }
    const height = top + step * at + margin;
    picture.setAttribute("height", height);
    picture.setAttribute("viewBox", `0 0 ${picture.getAttribute("width")} ${height}`);
    for (const line of picture.querySelectorAll(".lifeline")) line.setAttribute("y2", height);
  };

  // Copying: the clipboard where the browser gives it, else the text is selected.
  const copy = async (code, button) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
  };
  for (const code of document.querySelectorAll(".commands code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${code.textContent}`);
    button.addEventListener("click", () => {
      button.removeAttribute("aria-label");
      copy(code, button);
    });
    code.after(button);
  }

  // Deep links: what is linked to is shown, whatever the switches say, and its notes are open.
  const arrive = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    const row = target?.closest("tr[data-requirement]");
    arrived = row?.dataset.requirement ?? "";
    update();
    if (!target) return;
    for (const notes of (row ?? target).querySelectorAll("details")) notes.open = true;
    target.scrollIntoView();
  };

  for (const form of document.querySelectorAll("#page\\:deployment form")) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const one of controls) set(one, null);
      update();
    });
  }
  byId("page:defaults")?.addEventListener("click", () => {
    for (const one of controls) set(one, one.default === null ? null : decoded(one.default));
    update();
  });
  addEventListener("hashchange", arrive);
  addEventListener("beforeprint", () => {
    for (const notes of document.querySelectorAll("tr:not([hidden]) details")) notes.open = true;
  });
  byId("page:deployment").hidden = false;
  arrive();
})();
