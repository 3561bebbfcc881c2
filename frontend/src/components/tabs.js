// Turns sections that stand one below the other into tabs, after the pattern of WAI-ARIA.

/** On a box around `<section data-tab="标题" id="…">`; the address's fragment opens its tab. */
export const tabs = () => ({
  init() {
    const sections = [...this.$root.querySelectorAll(':scope > section[data-tab]')];
    if (sections.length < 2) return;
    const list = document.createElement('div');
    list.className = 'tabs';
    list.setAttribute('role', 'tablist');
    this.pairs = sections.map((section, index) => {
      section.id ||= `tab-${index}`;
      const tab = Object.assign(document.createElement('button'), { type: 'button', id: `${section.id}-tab`, textContent: section.dataset.tab });
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', section.id);
      section.setAttribute('role', 'tabpanel');
      section.setAttribute('aria-labelledby', tab.id);
      tab.addEventListener('click', () => {
        this.open(index);
        history.replaceState(history.state, '', `#${section.id}`);
      });
      list.append(tab);
      return [tab, section];
    });
    list.addEventListener('keydown', (event) => {
      const now = this.pairs.findIndex(([tab]) => tab === document.activeElement);
      const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: this.pairs.length - 1 }[event.key];
      if (now < 0 || next === undefined) return;
      event.preventDefault();
      const index = (next + this.pairs.length) % this.pairs.length;
      this.open(index);
      this.pairs[index][0].focus();
    });
    this.$root.prepend(list);
    this.open(Math.max(0, sections.findIndex((section) => `#${section.id}` === window.location.hash)));
  },
  open(index) {
    this.pairs.forEach(([tab, section], place) => {
      tab.setAttribute('aria-selected', String(place === index));
      tab.tabIndex = place === index ? 0 : -1;
      section.hidden = place !== index;
    });
  },
});
