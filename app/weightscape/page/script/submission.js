// What is handed to the GPU, one submission at a time: the next one waits until a fence tells that the last is over.

// A job's generator yields steps {work, draw}, of which those that are `isApart` have a submission of their own, and no
// time is learned of those that are `isWarming`; LANDED to go on when all that it has drawn is there; null to let
// others have a turn.
const LANDED = {};
const POLL_MS = 4;

class Submissions {
  constructor(gl, pace, clock) {
    Object.assign(this, {gl, pace, clock, flying: null, held: null, count: 0});
    Object.assign(this, {frames: 0, frameMs: 0, isFramed: false});
  }

  // Whether the last submission is over; then its time is learned.
  isLanded() {
    const {gl, flying} = this;
    if (!flying) return true;
    if (gl.getSyncParameter(flying.sync, gl.SYNC_STATUS) !== gl.SIGNALED) return false;
    gl.deleteSync(flying.sync);
    this.flying = null;
    const passed = this.clock() - flying.begun, own = Math.max(passed - this.frames * this.frameMs, passed / 8);
    if (flying.isFrame) this.frameMs = passed;
    else if (!flying.isWarming && flying.isFused === this.pace.isFused) this.pace.learn(flying.work, own);
    this.frames = 0;
    return true;
  }

  // Take in that a frame was drawn: what it takes is no submission's time. `isTimed`: have it told how much that is.
  framed(isTimed) {
    this.frames += 1;
    this.isFramed ||= isTimed;
  }

  // Go on with a job for as long as its steps are short together; true when it is done. What it needs is there.
  submit(job) {
    let work = 0, drawn = 0;
    const begun = this.clock();
    this.count += 1;
    // Nothing is submitted, to be told how long a frame before it takes, or nothing.
    if (this.isFramed || this.count % EMPTY_EVERY === 0) return this.empty(begun);
    for (;;) {
      const {value: step, done} = this.held ?? job.next();
      this.held = null;
      if (done || step === null) return this.fence(work, drawn, begun, done);
      if (step === LANDED) {
        if (drawn) return this.fence(work, drawn, begun);
        continue;
      }
      if (drawn && (step.isApart || work + step.work > this.pace.work())) {
        this.held = {value: step, done: false};
        return this.fence(work, drawn, begun);
      }
      step.draw();
      [work, drawn] = [work + step.work, drawn + 1];
      if (step.isApart) return this.fence(step.work, drawn, begun, false, step.isWarming);
    }
  }

  empty(begun) {
    this.fence(0, 1, begun);
    this.flying.isFrame = this.isFramed;
    this.isFramed = false;
    return false;
  }

  fence(work, drawn, begun, done = false, isWarming = false) {
    const {gl, pace: {isFused}} = this;
    if (drawn) {
      this.flying = {sync: gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0), work, begun, isWarming, isFused};
      gl.flush();
    }
    return done;
  }

  // Forget what an old job had left to do.
  drop() {
    this.held = null;
  }
}
