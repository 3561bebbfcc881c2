// Arrow keys in the list below the search box; without this script the form searches.

/** On the search form; the list is filled by htmx with `.suggest__item` links. */
export const suggest = () => ({
  init() {
    const input = this.$root.querySelector('input');
    if (!input) return;
    // Looked up anew each time: htmx may have put another box in its place.
    const list = () => this.$root.querySelector('.suggest');
    const items = () => [...this.$root.querySelectorAll('.suggest__item')];
    const mark = (active) => {
      for (const item of items()) item.classList.toggle('is-active', item === active);
      active?.scrollIntoView({ block: 'nearest' });
    };
    input.addEventListener('keydown', (event) => {
      const all = items();
      const now = all.findIndex((item) => item.classList.contains('is-active'));
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (all.length === 0) return;
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        mark(all[(now + step + all.length + (now < 0 && step < 0 ? 1 : 0)) % all.length]);
      } else if (event.key === 'Enter' && now >= 0) {
        event.preventDefault();
        all[now].click();
      } else if (event.key === 'Escape') {
        list()?.replaceChildren();
      }
    });
    this.$root.addEventListener('focusout', (event) => {
      if (!this.$root.contains(event.relatedTarget)) setTimeout(() => list()?.replaceChildren(), 150);
    });
  },
});
