// When a session has ended, or this tab shows somebody else's page, go and sign in; when the server cannot be reached, say
// so: a dead page helps nobody.
(function () {
  const fetched = window.fetch;
  let leaving = false;
  let good = new Date();
  addEventListener('pagehide', () => (leaving = true));
  addEventListener('pageshow', () => (leaving = false));

  window.fetch = async function (...asked) {
    let answer;
    try {
      answer = await fetched.apply(this, asked);
    } catch (error) {
      if (error.name !== 'AbortError') lost(true);
      throw error;
    }
    lost(false);
    if (answer.status === 401 && !leaving && new URL(answer.url).origin === location.origin) {
      leaving = true; // several requests may hear it at once, and each new departure would call off the last
      location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
    }
    return answer;
  };

  // The wall says it in its own way.
  function lost(now) {
    const bar = document.getElementById('lost');
    if (!now) {
      good = new Date();
      bar?.remove();
    } else if (!bar && !leaving) made();
  }

  function made() {
    const root = document.documentElement;
    if (root.dataset.page === 'wall' || !document.body) return;
    const english = root.lang === 'en';
    const time = good.toLocaleTimeString(english ? 'en-GB' : 'zh-CN', { hour: '2-digit', minute: '2-digit' });
    const bar = Object.assign(document.createElement('div'), { id: 'lost', className: 'stale' });
    bar.setAttribute('role', 'alert');
    const again = Object.assign(document.createElement('button'), { type: 'button', onclick: () => location.reload() });
    again.textContent = english ? 'Load again' : '重新载入';
    bar.append(english ? `⚠ Connection lost. What stands here is of ${time}.` : `⚠ 连接中断，页面上是 ${time} 的数据。`, again);
    document.body.append(bar);
  }
})();
