// Drop a file, see its name and size, watch it go. Without this script it is an ordinary post.
import { announce } from '../announce.js';
import { texts } from '../texts.js';

/** Bytes in the unit one reads. */
function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** On the form with `hx-post`; `data-max-bytes` is checked before anything is sent. */
export const upload = () => ({
  init() {
    const form = this.$root;
    const input = form.querySelector('input[type="file"]');
    const drop = form.querySelector('.upload__drop');
    const name = form.querySelector('[data-file-name]');
    const bar = form.querySelector('progress');
    if (!input) return;
    if (bar) bar.hidden = true;
    input.addEventListener('change', () => {
      const files = [...input.files];
      if (name) name.textContent = files.map((file) => `${file.name} · ${size(file.size)}`).join('；');
      const most = Number(form.dataset.maxBytes ?? 0);
      const large = files.find((file) => most && file.size > most);
      if (large) {
        announce(texts.tooLarge(size(large.size), size(most)), 'error');
        input.value = '';
        if (name) name.textContent = '';
      }
    });
    for (const kind of ['dragover', 'dragleave', 'drop']) {
      drop?.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.toggle('is-over', kind === 'dragover');
        if (kind === 'drop' && event.dataTransfer.files.length > 0) {
          input.files = event.dataTransfer.files;
          input.dispatchEvent(new Event('change', { bubbles: true }));
        }
      });
    }
    form.addEventListener('htmx:xhr:progress', (event) => {
      if (!bar || !event.detail.lengthComputable) return;
      bar.hidden = false;
      bar.max = event.detail.total;
      bar.value = event.detail.loaded;
    });
    form.addEventListener('htmx:afterRequest', () => { if (bar) bar.hidden = true; });
  },
});
