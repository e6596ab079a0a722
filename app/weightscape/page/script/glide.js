// A zoom on its way: what is seen goes where the scene already is. Twin of explore/glide.py.

const GLIDE_MS = 120;
// An eye follows no farther: so many times as large, so many radii away.
const FARTHEST = 1000, FARTHEST_PAN = 4;
const REDUCED = matchMedia("(prefers-reduced-motion: reduce)");

class Glide {
  constructor() {
    this.view = null;
  }

  // Set out from one view to another; where motion is not wanted, stand at the goal at once.
  begin(start, goal, now) {
    this.view = REDUCED.matches || !isNear(start, goal) ? null : start;
    [this.start, this.goal, this.begun] = [start, goal, now];
  }

  // Go on to where the view is by now: nowhere once it has arrived.
  advance(now) {
    const passed = Math.min(Math.max((now - this.begun) / GLIDE_MS, 0), 1);
    this.view = passed === 1 ? null : between(this.start, this.goal, 1 - (1 - passed) ** 3);
  }

  end() {
    this.view = null;
  }
}

// The view after a share (0..1) of the way; a point that both views show at one place stays there all the way.
function between(start, goal, share) {
  const radius = start.radius ** (1 - share) * goal.radius ** share, span = goal.radius - start.radius;
  const part = Math.abs(span) > 1e-6 * start.radius ? (radius - start.radius) / span : share;
  const offset = wayBetween(start, goal).map((each) => part * each);
  return {...goal, center: trimmed(moved(start.center.map(parsedDecimal), offset), radius), radius};
}

// How far it is from one centre to the other, in plane units.
function wayBetween(start, goal) {
  return start.center.map((text, n) => toNumber(sum(parsedDecimal(goal.center[n]), negated(parsedDecimal(text)))));
}

function isNear(start, goal) {
  const large = Math.max(start.radius, goal.radius), small = Math.min(start.radius, goal.radius);
  const way = Math.max(...wayBetween(start, goal).map(Math.abs));
  return start.angle === goal.angle && large <= FARTHEST * small && way <= FARTHEST_PAN * large;
}
