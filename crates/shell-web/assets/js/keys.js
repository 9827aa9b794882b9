// Keys: everything a clerk does often, without a mouse. The page says which key does what by attributes:
//   data-key="N" | "Alt+P" | "F9" | "["   press this link or button
//   data-go="j"                            G, then this letter
//   data-search                            the field that / goes to
//   data-list > [data-row]                 J and K walk, Enter opens the row's first link
//   data-problem                           F8 goes from one to the next
//   input[type=file]                       Alt M goes to the next one without a file
//   data-tabs > a                          1 to 6
// Single letters rest while a field has the focus.
(function () {
  'use strict';
  let goUntil = 0;

  const all = selector => Array.from(document.querySelectorAll(selector)).filter(e => e.getClientRects().length);
  const typing = e => e && (e.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName)) && !/^(radio|checkbox|button|submit)$/.test(e.type);
  // The row we are at has the first word, then the page, then the two keys that work everywhere.
  const named = key => all('.at [data-key]').concat(all('[data-key]')).find(e => e.dataset.key.toLowerCase() === key.toLowerCase());
  const everywhere = { n: 'new', c: 'catalogue' };

  function press(element) {
    if (!element) return false;
    element.click();
    return true;
  }

  function walk(step) {
    const rows = all('[data-list] [data-row]');
    if (!rows.length) return false;
    const at = rows.findIndex(r => r.classList.contains('at'));
    const start = at >= 0 ? at + step : rows.findIndex(r => r.getAttribute('aria-current') === 'true') + (step > 0 ? 1 : -1);
    const next = rows[Math.max(0, Math.min(rows.length - 1, start))];
    rows.forEach(r => r.classList.toggle('at', r === next));
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
    return true;
  }

  // The next upload that holds nothing yet.
  function paper() {
    const list = all('input[type=file]').filter(f => !f.files.length);
    const next = list[(list.indexOf(document.activeElement) + 1) % list.length];
    if (next) { next.focus(); next.scrollIntoView({ block: 'center' }); }
    return !!next;
  }
  function problem() {
    const list = all('[data-problem]');
    if (!list.length) return false;
    const at = list.indexOf(document.activeElement);
    const next = list[(at + 1) % list.length];
    next.focus();
    next.scrollIntoView({ block: 'center' });
    return true;
  }

  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const help = document.getElementById('keys');
    if (help && help.open) return;
    const key = event.key;
    let done = false;
    if (event.altKey) {
      // Some keyboards change the letter under Alt; the code does not change.
      const letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : key;
      done = press(named('Alt+' + letter)) || (/^m$/i.test(letter) && paper());
    } else if (/^F\d+$/.test(key)) {
      done = key === 'F8' ? problem() : press(named(key));
    } else if (key === 'Escape') {
      if (typing(event.target)) event.target.blur();
      else done = press(named('Escape'));
    } else if (!typing(event.target)) {
      const now = Date.now();
      if (now < goUntil) {
        goUntil = 0;
        done = press(all('[data-go]').find(e => e.dataset.go === key.toLowerCase()));
      } else if (key === 'g') {
        goUntil = now + 1500;
        done = true;
      } else if (key === '/') {
        const search = document.querySelector('[data-search]');
        if (search && search.getClientRects().length) { search.focus(); search.select(); done = true; }
      } else if (key === '?') {
        if (help) { help.showModal(); done = true; }
      } else if (key === 'j' || key === 'k') {
        done = walk(key === 'j' ? 1 : -1);
      } else if (key === 'Enter' && event.target.matches('[data-row]')) {
        done = press(event.target.querySelector('a[href]'));
      } else if (/^[1-6]$/.test(key)) {
        done = press(all('[data-tabs] a')[Number(key) - 1]);
      } else if (key.length === 1) {
        done = press(named(key));
        const href = document.body.dataset[everywhere[key]];
        if (!done && href) { location.assign(href); done = true; }
      }
    }
    if (done) event.preventDefault();
  });
})();
