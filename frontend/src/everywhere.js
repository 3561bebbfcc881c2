// Attributes that work anywhere: data-autosubmit, data-print, data-copy; folding boxes (.pop) close like menus.
import { announce } from './announce.js';
import { texts } from './texts.js';

/** Submit a form as its button would, so that htmx and validation see it. */
function submit(form) {
  const button = form.querySelector('[data-submit]');
  form.requestSubmit(button ?? undefined);
}

document.addEventListener('change', (event) => {
  const control = event.target.closest?.('[data-autosubmit]');
  if (control?.form) submit(control.form);
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-print], [data-copy]');
  if (button?.hasAttribute('data-print')) window.print();
  if (button?.hasAttribute('data-copy')) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      announce(texts.copied, 'success');
    } catch (refusal) {
      // Browsers give the clipboard to secure pages only; inside an office's network a page may be plain HTTP.
      console.warn(refusal);
      announce(texts.copyFailed, 'warn');
    }
  }
  for (const pop of document.querySelectorAll('details.pop[open]')) {
    if (!pop.contains(event.target)) pop.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const pop = document.activeElement?.closest('details.pop[open]') ?? document.querySelector('details.pop[open]');
  if (!pop) return;
  pop.open = false;
  pop.querySelector('summary')?.focus();
});

/** Hide buttons that the script makes superfluous, also in what htmx brings. */
function hideSubmits(root) {
  for (const control of root.querySelectorAll('[data-autosubmit]')) {
    const button = control.form?.querySelector('[data-submit]');
    if (button) button.hidden = true;
  }
}
hideSubmits(document);
document.addEventListener('htmx:afterSwap', () => hideSubmits(document));

// Long work that has ended: the page is asked for again, once, so that its result stands where one looks.
document.addEventListener('htmx:afterSwap', () => {
  const box = document.querySelector('.progress-box[data-reload-when-done]');
  if (box && !box.hasAttribute('hx-trigger')) window.location.reload();
});

// On a narrow screen the present tab may lie outside its row.
for (const row of document.querySelectorAll('.tabs')) {
  const now = row.querySelector('[aria-current]');
  if (now && row.scrollWidth > row.clientWidth) row.scrollLeft = now.offsetLeft - row.offsetLeft - 16;
}
