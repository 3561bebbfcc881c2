// Keeps a draft on the server while one types. Nothing is kept in the browser: pages are filled on shared machines.
import { csrfToken } from '../htmx.js';
import { texts } from '../texts.js';

const QUIET_MS = 2000;
const RETRY_MS = 15000;

/** On the form with `data-autosave-url`. */
export const autosave = () => ({
  init() {
    const form = this.$root;
    this.url = form.dataset.autosaveUrl;
    this.status = form.querySelector('.draft-status');
    this.dirty = false;
    this.turn = 0;
    form.addEventListener('input', () => this.later());
    form.addEventListener('change', () => this.later());
    form.addEventListener('submit', () => {
      clearTimeout(this.timer);
      this.dirty = false;
    });
    this.leave = (event) => {
      if (this.dirty) event.preventDefault();
    };
    window.addEventListener('beforeunload', this.leave);
  },
  destroy() {
    clearTimeout(this.timer);
    window.removeEventListener('beforeunload', this.leave);
  },
  later(wait = QUIET_MS) {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  },
  async save() {
    this.turn += 1;
    const turn = this.turn;
    const body = new FormData(this.$root);
    for (const input of this.$root.querySelectorAll('input[type="file"], input[type="password"]')) body.delete(input.name);
    this.tell(texts.saving);
    try {
      const answer = await fetch(this.url, {
        method: 'POST', body, headers: { 'X-CSRFToken': csrfToken(), Accept: 'application/json' }, credentials: 'same-origin',
      });
      // The server says why it did not keep this: another window was faster, a figure is out of range. Sending it again
      // changes nothing; the next key does, or the button, which shows both texts.
      if ((answer.status === 409 || answer.status === 422) && (await this.refused(answer, turn))) return;
      // A redirect leads to the login page: the draft was not stored although the answer looks well.
      if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
      const told = answer.status === 204 ? {} : await answer.json();
      this.take(told);
      if (turn !== this.turn) return;
      this.dirty = false;
      this.tell(told.said ?? texts.saved(told.saved ?? ''));
    } catch (fault) {
      console.warn(fault);
      if (turn !== this.turn) return;
      this.tell(texts.notSaved, true);
      this.later(RETRY_MS);
    }
  },
  /** Whether the answer holds a sentence that says why; it is shown instead of trying again. */
  async refused(answer, turn) {
    const { problem } = await answer.json();
    if (problem && turn === this.turn) this.tell(problem, true);
    return Boolean(problem);
  },
  /** What the server counted: the version that the next save starts from, and figures shown in [data-shown]. */
  take(told) {
    const version = this.$root.querySelector('input[name="version"]');
    if (version && told.version) version.value = told.version;
    for (const [name, text] of Object.entries(told.shown ?? {})) {
      for (const place of this.$root.querySelectorAll(`[data-shown="${name}"]`)) place.textContent = text;
    }
  },
  tell(sentence, failed = false) {
    if (!this.status) return;
    this.status.textContent = sentence;
    this.status.classList.toggle('is-failed', failed);
  },
});
