// When a session has ended, or this tab shows somebody else's page, go and sign in: a dead page helps nobody.
(function () {
  const fetched = window.fetch;
  let leaving = false;
  window.fetch = async function (...asked) {
    const answer = await fetched.apply(this, asked);
    if (answer.status === 401 && !leaving && new URL(answer.url).origin === location.origin) {
      leaving = true; // several requests may hear it at once, and each new departure would call off the last
      location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
    }
    return answer;
  };
})();
