/* global document, fetch, location */
// The consent page: asks its own host for the verdict, then follows it to the application.
(() => {
  const field = (id) => document.getElementById(id);
  const error = document.querySelector('.error');

  async function decide(allow) {
    const response = await fetch('/oauth/decision', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: location.search,
        name: field('name-input').value,
        password: field('password-input').value,
        allow,
      }),
    });
    const verdict = await response.json();
    if (verdict.location) {
      location.assign(verdict.location);
      return;
    }
    error.textContent = verdict.errorText ?? 'Something went wrong';
    error.hidden = false;
  }

  field('authorize').addEventListener('submit', (event) => {
    event.preventDefault();
    void decide(true);
  });
  field('deny').addEventListener('click', () => void decide(false));
})();
