// The wall's poll and clock. Run here because a page that has lost its server must still be able to say so.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.wall = {
  poll: async function (n, stamp, connection) {
    const none = window.dash_clientside.no_update;
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), 4000);
    try {
      const answer = await fetch('/api/v1/stamp', { signal: control.signal, cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.status);
      const minute = Math.floor(Date.now() / 60000);
      const now = (await answer.json()).stamp + '-' + minute;
      document.body.classList.remove('disconnected');
      return [now === stamp ? none : now, { ok: true, at: Date.now() }];
    } catch (error) {
      document.body.classList.add('disconnected');
      return [none, { ok: false, at: connection.at || Date.now() }];
    } finally {
      clearTimeout(timer);
    }
  },

  clock: function (n, connection) {
    const english = document.documentElement.lang === 'en';
    const timeZone = document.getElementById('wall-clock')?.dataset.zone;
    const time = (date) => date.toLocaleTimeString('en-GB', { timeZone });
    const now = new Date();
    const form = { timeZone, month: 'long', day: 'numeric', weekday: 'short' };
    const day = now.toLocaleDateString(english ? 'en-GB' : 'zh-CN', form);
    if (connection && !connection.ok) {
      const since = time(new Date(connection.at));
      return english ? '⚠ Connection lost · last update ' + since : '⚠ 连接中断 · 最后更新 ' + since;
    }
    return day + '  ' + time(now);
  },
};
