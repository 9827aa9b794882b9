// Comfort: what a page can do without, but people like.
(function () {
  'use strict';

  // After a failed submission the error summary has the focus; a link in it leads into the field itself.
  function arrive() {
    const summary = document.querySelector('[data-focus]');
    if (summary && !document.querySelector('[autofocus]')) summary.focus({ preventScroll: true });
    const opened = sessionStorage.getItem('opened');
    if (opened && !document.querySelector('.drawer')) {
      sessionStorage.removeItem('opened');
      const link = Array.from(document.querySelectorAll('a[href]')).find(a => a.getAttribute('href') === opened);
      if (link) link.focus({ preventScroll: true });
    }
  }
  document.addEventListener('click', function (event) {
    const link = event.target.closest && event.target.closest('a[href]');
    if (!link) return;
    const href = link.getAttribute('href');
    if (link.hasAttribute('data-drawer')) sessionStorage.setItem('opened', href);
    if (href.startsWith('#')) {
      const goal = document.getElementById(href.slice(1));
      if (goal) { goal.focus({ preventScroll: true }); }
    }
  });
  document.addEventListener('DOMContentLoaded', arrive);

  // A value that was shown for a stated reason covers itself again.
  customElements.define('anju-unmasked', class extends HTMLElement {
    connectedCallback() {
      let left = Number(this.getAttribute('seconds')) || 60;
      const clock = document.createElement('small');
      this.append(' ', clock);
      const tick = () => {
        if (left <= 0) { clearInterval(this.timer); this.textContent = this.getAttribute('mask'); return; }
        clock.textContent = left + ' 秒后隐去';
        left -= 1;
      };
      tick();
      this.timer = setInterval(tick, 1000);
    }
    disconnectedCallback() { clearInterval(this.timer); }
  });

  // The second factor's code changes every thirty seconds of the clock.
  customElements.define('anju-code-clock', class extends HTMLElement {
    connectedCallback() {
      const bar = this.querySelector('progress'), words = this.querySelector('[data-words]');
      const tick = () => {
        const left = 30 - Math.floor(Date.now() / 1000) % 30;
        bar.value = left;
        words.textContent = left + ' 秒后换新';
      };
      if (this.hasAttribute('still')) return;
      tick();
      this.timer = setInterval(tick, 1000);
    }
    disconnectedCallback() { clearInterval(this.timer); }
  });

  // Paste: an amount with separators, a number in groups or in full width is taken as it is meant.
  document.addEventListener('change', function (event) {
    const field = event.target;
    if (!field.matches || !field.matches('input.n')) return;
    const plain = field.value.normalize('NFKC').replace(/[,\s元]/g, '');
    if (/^-?\d+(\.\d{1,2})?$/.test(plain)) {
      const [whole, part = ''] = plain.split('.');
      field.value = whole.replace(/\B(?=(\d{3})+$)/g, ',') + '.' + part.padEnd(2, '0');
    }
  });
})();
