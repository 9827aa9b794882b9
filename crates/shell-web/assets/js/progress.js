// Progress: a bar that listens to server-sent events {"done", "total", "text", "end"}. When the work ends, the page shows its
// outcome by loading again. Without script the page refreshes itself.
(function () {
  'use strict';
  customElements.define('anju-progress', class extends HTMLElement {
    connectedCallback() {
      const source = this.getAttribute('src');
      if (!source) return;
      const bar = this.querySelector('progress'), words = this.querySelector('[data-words]');
      this.events = new EventSource(source);
      this.events.onmessage = event => {
        const news = JSON.parse(event.data);
        bar.max = Math.max(1, news.total);
        bar.value = news.done;
        words.textContent = news.text;
        if (news.end) { this.close(); location.reload(); }
      };
      // The browser connects again by itself; a stream that the server ended for good is not an error of the page.
      this.events.onerror = () => { if (this.events && this.events.readyState === EventSource.CLOSED) this.close(); };
    }
    close() { if (this.events) { this.events.close(); this.events = null; } }
    disconnectedCallback() { this.close(); }
  });
})();
