// Keys press the buttons that name them; while a photo is on the screen it stays this reviewer's.
"use strict";
const KEEP_ALIVE = 60000; // ms; the photo is this reviewer's for 300 s from each time
const buttons = new Map([...document.querySelectorAll("button[data-key]")].map(each => [each.dataset.key, each]));
let sent = false;
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || sent) return;
  const button = buttons.get(event.key.toLowerCase());
  if (button) {
    event.preventDefault();
    button.click();
  }
});
document.addEventListener("submit", event => {
  if (sent) event.preventDefault();
  sent = true;
});
if ("shown" in document.body.dataset) {
  setInterval(() => fetch("here", {method: "POST"}).catch(() => undefined), KEEP_ALIVE);
}
