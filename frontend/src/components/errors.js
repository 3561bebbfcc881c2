// Goes to the first fault of a form that came back; without this script the summary's links lead there.

/** On the form. */
export const firstError = () => ({
  init() {
    const form = this.$root;
    const fault = form.querySelector('[aria-invalid="true"], .is-invalid');
    const summary = form.querySelector('.error-summary') ?? document.querySelector('.error-summary');
    const target = fault?.matches('input, select, textarea') ? fault : fault?.querySelector('input, select, textarea') ?? summary;
    if (!target) return;
    for (let box = target.parentElement; box; box = box.parentElement) {
      if (box.tagName === 'DETAILS') box.open = true;
    }
    target.focus({ preventScroll: true });
    (target.closest('.field') ?? target).scrollIntoView({ block: 'center' });
  },
});
