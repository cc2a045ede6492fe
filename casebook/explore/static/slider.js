// A range input of the browser, with a label and its value.
const QUIET = 250;             // milliseconds without a move until the value is sent

function render({ model, el }) {
  el.classList.add("cb-slider");
  // Each slider has a copy of this file, so a count would give them all one id.
  const id = `cb-slider-${Math.random().toString(36).slice(2)}`;
  const label = Object.assign(document.createElement("label"), { htmlFor: id });
  const input = Object.assign(document.createElement("input"), { type: "range", id });
  const value = document.createElement("span");
  value.setAttribute("aria-hidden", "true");       // the input tells its value by itself
  el.append(label, input, value);

  let timer = null;
  const send = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    model.set("value", input.valueAsNumber);
    model.save_changes();
  };
  input.addEventListener("input", () => {
    value.textContent = input.value;
    clearTimeout(timer);
    timer = setTimeout(send, QUIET);
  });
  input.addEventListener("blur", send);

  const paint = () => {
    label.textContent = model.get("description");
    for (const part of ["min", "max", "step"]) input[part] = model.get(part);
    input.disabled = model.get("disabled");
    if (timer === null) input.value = model.get("value");
    value.textContent = input.value;
  };
  model.on("change", paint);
  paint();
  return () => clearTimeout(timer);
}

export default { render };
