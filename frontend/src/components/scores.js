// A score sheet: the sum as one types, and buttons for a finger. Without this script the server counts when it saves.

/** Hundredths of what a person typed; null for nothing or no number. */
function hundredths(text) {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? Math.round(value * 100) : null;
}

/** Hundredths as the pages write points: 1850 is 18.5. */
function written(whole) {
  return String(whole / 100);
}

/** On the box around `input[data-item]`, buttons `[data-step]` beside them, and `[data-shown="total"]`, `[data-shown="given"]`. */
export const scores = () => ({
  init() {
    const box = this.$root;
    box.addEventListener('input', () => this.count());
    box.addEventListener('click', (event) => {
      const button = event.target.closest('[data-step]');
      if (button) this.step(button);
    });
    this.count();
  },
  count() {
    const values = [...this.$root.querySelectorAll('input[data-item]')].map((input) => hundredths(input.value)).filter((value) => value !== null);
    this.show('total', written(values.reduce((sum, value) => sum + value, 0)));
    this.show('given', String(values.length));
  },
  show(name, text) {
    for (const place of this.$root.querySelectorAll(`[data-shown="${name}"]`)) place.textContent = text;
  },
  /** One step up or down, within the range of the item. */
  step(button) {
    const input = button.parentElement.querySelector('input[data-item]');
    const wanted = (hundredths(input.value) ?? 0) + Number(button.dataset.step) * 100;
    input.value = written(Math.min(Math.max(wanted, 0), Number(input.max) * 100));
    input.dispatchEvent(new Event('input', { bubbles: true }));
  },
});
