
// The search over all documents, and the filter of a matrix.
(() => {
  const byId = (id) => document.getElementById(id);

  const filter = byId("site:changed");
  if (filter) {
    const update = () => {
      const rows = [...document.querySelectorAll(".matrix tbody tr[id]")];
      for (const row of rows) row.hidden = filter.checked && !row.classList.contains("changed");
      for (const part of document.querySelectorAll(".matrix tbody"))
        part.hidden = !part.querySelector("tr[id]:not([hidden])");
      const shown = rows.filter((row) => !row.hidden).length;
      byId("site:rows").textContent = `${shown} of ${rows.length} requirements shown`;
    };
    byId("site:filter").hidden = false;
    filter.addEventListener("change", update);
    update();
  }

  const place = byId("site:data");
  if (!place) return;
  const MOST = 200;
  const { pages, requirements } = JSON.parse(place.textContent);
  const texts = requirements.map(([id, level, words, title]) =>
    [id, level, words, title].join(" ").toLowerCase());
  const field = byId("site:search");
  const made = (name, text, into) => {
    const element = document.createElement(name);
    element.textContent = text;
    into.append(element);
    return element;
  };
  const result = ([id, level, words, title, where]) => {
    const item = document.createElement("li");
    const first = made("p", "", item);
    made("code", id, first);
    first.append(` ${level} ${title ? `${title}: ` : ""}${words}`);
    const links = made("p", "", item);
    for (const [at, number] of where.entries()) {
      if (at) links.append(", ");
      made("a", pages[number][0], links).href = `${pages[number][1]}#${id}`;
    }
    return item;
  };
  const search = () => {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = asked.length
      ? requirements.filter((_, at) => asked.every((word) => texts[at].includes(word)))
      : [];
    byId("site:results").replaceChildren(...found.slice(0, MOST).map(result));
    const more = found.length > MOST ? `, the first ${MOST} are shown` : "";
    byId("site:found").textContent = asked.length
      ? `${found.length} found${more}`
      : `${requirements.length} requirements in ${pages.length} documents`;
  };
  const arrive = () => {
    const given = location.hash.slice(1);
    // What is typed comes back from the address as an event of its own.
    if (given === encodeURIComponent(field.value)) return;
    try {
      field.value = decodeURIComponent(given);
    } catch {
      field.value = given;
    }
    search();
  };
  byId("site:form").hidden = false;
  byId("site:form").addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", search);
  field.addEventListener("change", () => location.replace(`#${encodeURIComponent(field.value)}`));
  addEventListener("hashchange", arrive);
  search();
  arrive();
})();
