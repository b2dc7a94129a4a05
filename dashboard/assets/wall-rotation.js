// Which scene is on: one after the other, each for its dwell; one alone is pinned. On a wall twice as wide as usual the
// situation stays to the left and the others take turns beside it.
import { el, say } from 'wall/dom';

const WIDE = 2.6; // width to height from which there is room for two

export function rotate(known, on) {
  const stage = document.getElementById('wall-stage');
  const name = document.getElementById('wall-scene-name');
  const steps = document.getElementById('wall-steps');
  let turn = 0;
  let began = performance.now();
  let wide = null;
  let scenes = [];

  function measure() {
    const now = innerWidth / innerHeight >= WIDE;
    if (now === wide) return;
    wide = now;
    const others = known.scenes.filter((scene) => scene !== 'situation');
    const beside = others.length ? others : known.all.filter((scene) => scene !== 'situation');
    scenes = wide ? beside : known.scenes;
    turn = Math.min(turn, scenes.length - 1);
    steps.replaceChildren(...(scenes.length > 1 ? scenes.map(() => el('i', '', el('b'))) : []));
    stage.classList.toggle('wide', wide);
    show();
  }

  function show() {
    const here = scenes[turn];
    const shown = wide ? ['situation', here] : [here];
    stage.dataset.scene = here;
    stage.dataset.map = shown.includes('hotspots') ? 'hotspots' : shown.includes('situation') ? 'situation' : '';
    for (const scene of stage.querySelectorAll('.scene')) {
      const code = scene.dataset.scene;
      scene.classList.toggle('on', shown.includes(code));
      scene.classList.toggle('left', wide && code === 'situation');
      scene.classList.toggle('right', wide && code !== 'situation');
      scene.setAttribute('aria-hidden', String(!shown.includes(code)));
    }
    say(name, shown.map((code) => known.words.scenes[code]).join(' · '));
    on(stage.dataset.map);
    [...steps.children].forEach((step, n) => {
      step.className = n === turn ? 'on' : '';
      step.firstChild.style.animation = 'none';
      if (n === turn) {
        void step.offsetWidth; // so that the bar begins anew
        step.firstChild.style.animation = `wall-dwell ${known.dwell}s linear forwards`;
      }
    });
  }

  function tick() {
    if (scenes.length < 2 || performance.now() - began < known.dwell * 1000) return;
    began = performance.now();
    turn = (turn + 1) % scenes.length;
    show();
  }

  addEventListener('resize', measure);
  setInterval(tick, 250);
  measure();
}
