// Selection of rows and the bar of what may be done with them; without this script the bar always stands there.
import { texts } from '../texts.js';

/** On the form around table and bar. */
export const rowSelection = () => ({
  init() {
    const form = this.$root;
    this.last = null;
    form.addEventListener('click', (event) => {
      const box = event.target.closest('input[data-row]');
      if (!box) return;
      if (event.shiftKey && this.last) this.range(this.last, box);
      this.last = box;
      this.refresh();
    });
    form.addEventListener('change', (event) => {
      if (event.target.matches('[data-select-all]')) {
        for (const box of this.rows()) box.checked = event.target.checked;
      }
      this.refresh();
    });
    // The browser keeps ticks over a reload; the bar must know them. A sorted or paged table comes by htmx.
    form.addEventListener('htmx:afterSwap', () => this.refresh());
    this.refresh();
  },
  rows() {
    return [...this.$root.querySelectorAll('input[data-row]')];
  },
  range(from, to) {
    const rows = this.rows();
    const [start, end] = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
    if (start >= 0) for (const box of rows.slice(start, end + 1)) box.checked = to.checked;
  },
  refresh() {
    const rows = this.rows();
    const checked = rows.filter((box) => box.checked);
    for (const box of rows) box.closest('tr')?.classList.toggle('is-selected', box.checked);
    const whole = rows.length > 0 && checked.length === rows.length;
    const head = this.$root.querySelector('[data-select-all]');
    if (head) {
      head.checked = whole;
      head.indeterminate = checked.length > 0 && !whole;
    }
    const matching = this.$root.querySelector('[data-all-matching]');
    if (matching) {
      matching.hidden = !whole;
      if (!whole) for (const box of matching.querySelectorAll('input')) box.checked = false;
    }
    const bar = this.$root.querySelector('.batch-bar');
    if (bar) bar.hidden = checked.length === 0;
    for (const place of this.$root.querySelectorAll('[data-selected-count]')) place.textContent = texts.selected(checked.length);
  },
});
