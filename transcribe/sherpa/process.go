package sherpa

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

var (
	errRefused = errors.New("speech worker refused to start")
	errHangs   = errors.New("speech worker hangs")
	errSlow    = errors.New("speech worker did not get ready")
)

// process is one worker, seen from the engine.
type process struct {
	cmd     *exec.Cmd
	metrics *metrics
	stdout  io.Closer
	out     chan []byte   // to its standard input
	loaded  chan struct{} // closed when it is ready
	dead    chan struct{} // closed when it is being ended; cause is set
	gone    chan struct{} // closed when its streams may know; epitaph is set
	epitaph error
	ended   sync.WaitGroup
	stderr  tail

	mu      sync.Mutex
	cause   error // of its death
	streams map[uint32]*stream
	dropped []uint32 // to be told to the worker
	last    uint32
	pulse   pulse
	used    Usage
}

// pulse tells a worker that works from one that hangs.
type pulse struct {
	waiting  int64     // samples sent and not heard, of all streams
	progress time.Time // of the last sign that something was heard
	alive    time.Time // of the last sign at all
	steps    int64     // of the model, at that time
}

// stepped notes how many steps the model has made: one that works on a long
// stretch hears nothing new for a while, and does not hang.
func (p *pulse) stepped(steps int64) {
	if steps > p.steps {
		p.steps, p.progress = steps, p.alive
	}
}

// sent notes samples that the worker ought to hear.
func (p *pulse) sent(samples int) {
	if p.waiting == 0 {
		p.progress = time.Now()
	}
	p.waiting += int64(samples)
}

func (p *pulse) hangs(now time.Time, patience time.Duration) bool {
	return now.Sub(p.alive) > patience || p.waiting > 0 && now.Sub(p.progress) > patience
}

// startProcess starts a worker and its two pumps.
func startProcess(o Options, m *metrics) (*process, error) {
	config, err := json.Marshal(setup{Runtime: o.Runtime, Model: o.Model, Tuning: *o.Tuning})
	if err != nil {
		return nil, fmt.Errorf("start speech worker: %w", err)
	}
	p := &process{
		metrics: m, out: make(chan []byte, 64),
		loaded: make(chan struct{}), dead: make(chan struct{}), gone: make(chan struct{}), streams: map[uint32]*stream{},
	}
	p.cmd = exec.Command(o.Command[0], o.Command[1:]...) //nolint:noctx // kill ends it, for a reason that is kept
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = time.Second // for the pipes of a child that it may have left
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start speech worker: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start speech worker: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start speech worker: %w", err)
	}
	p.pulse.alive, p.stdout = time.Now(), out
	p.ended.Go(func() { p.write(in, message{kind: kindConfig, payload: config}.encode()) })
	p.ended.Go(func() { p.read(out) })
	return p, nil
}

// write feeds the worker until it is dead.
func (p *process) write(in io.WriteCloser, next []byte) {
	defer func() { _ = in.Close() }()
	for {
		if _, err := in.Write(append(next, p.droppings()...)); err != nil {
			// The reason is in the exit status and on standard error; a dead
			// worker is noticed by the reader.
			return
		}
		select {
		case <-p.dead:
			return
		case next = <-p.out:
		}
	}
}

// drop tells the worker to forget a stream, without waiting.
func (p *process) drop(id uint32) {
	select {
	case p.out <- message{kind: kindDrop, stream: id}.encode():
		return
	default:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropped = append(p.dropped, id)
}

// droppings are the drops that found the queue full.
func (p *process) droppings() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b []byte
	for _, id := range p.dropped {
		b = append(b, message{kind: kindDrop, stream: id}.encode()...)
	}
	p.dropped = nil
	return b
}

// read takes the worker's reports until its output ends.
func (p *process) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		r, err := parseReport(lines.Bytes())
		if err == nil {
			err = p.handle(r)
		}
		if err != nil {
			p.kill(err)
			return
		}
	}
	p.kill(lines.Err())
}

// handle routes one report.
func (p *process) handle(r report) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pulse.alive = time.Now()
	switch r.Report {
	case reportReady:
		select {
		case <-p.loaded:
			return fmt.Errorf("%w: ready twice", errProtocol)
		default:
			close(p.loaded)
		}
		return nil
	case reportRefused:
		return fmt.Errorf("%w: %s", errRefused, r.Message)
	case reportBeat:
		p.metrics.cpu.Add(max(r.CPU-p.used.CPU, 0).Seconds())
		p.used.CPU = max(r.CPU, p.used.CPU)
		p.pulse.stepped(r.Steps)
		return nil
	}
	p.pulse.progress = p.pulse.alive
	if s := p.streams[r.Stream]; s != nil {
		return s.handle(r)
	}
	return nil // of a stream that nobody listens to any more
}

// waitReady waits until the model is loaded.
func (p *process) waitReady(stop <-chan struct{}, patience time.Duration) error {
	select {
	case <-p.loaded:
		return nil
	case <-p.dead:
		return errEnded // wait tells why
	case <-stop:
		return ErrClosed
	case <-time.After(patience):
		return fmt.Errorf("%w within %v", errSlow, patience)
	}
}

// watch returns when the worker is dead, and ends one that hangs.
func (p *process) watch(stop <-chan struct{}, patience time.Duration) {
	tick := time.NewTicker(max(patience/8, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-stop:
			p.kill(ErrClosed)
			return
		case <-p.dead:
			return
		case now := <-tick.C:
			if p.hangs(now, patience) {
				p.kill(fmt.Errorf("%w: no progress for %v", errHangs, patience))
				return
			}
		}
	}
}

func (p *process) hangs(now time.Time, patience time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pulse.hangs(now, patience)
}

// kill ends the worker, for the first cause given; nil means that it ended
// by itself.
func (p *process) kill(cause error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isDead() {
		return
	}
	p.cause = cause
	close(p.dead)
	if cause != nil {
		_ = p.cmd.Process.Kill() // it may be gone already
	}
}

func (p *process) isDead() bool {
	select {
	case <-p.dead:
		return true
	default:
		return false
	}
}

// wait returns when nothing is left of the worker, with the reason of its
// death, its exit status, and the last lines that it wrote.
func (p *process) wait() error {
	// A child of the worker may hold its output open.
	unblock := time.AfterFunc(p.cmd.WaitDelay, func() { _ = p.stdout.Close() })
	p.ended.Wait()
	unblock.Stop()
	status := p.cmd.Wait()
	p.mu.Lock()
	cause := p.cause
	if s := p.cmd.ProcessState; s != nil {
		p.used.CPU = max(p.used.CPU, s.UserTime()+s.SystemTime())
	}
	p.mu.Unlock()
	if cause == nil {
		cause = errors.New("speech worker ended")
		if status != nil {
			cause = fmt.Errorf("speech worker ended: %w", status)
		}
	}
	if last := p.stderr.String(); last != "" {
		return fmt.Errorf("%w; its last lines: %s", cause, last)
	}
	return cause
}

// tell lets the streams know why the worker died. A nil process has none.
func (p *process) tell(epitaph error) {
	if p == nil {
		return
	}
	p.epitaph = epitaph
	close(p.gone)
}

// epitaphOf tells why the worker died, with its last lines; it waits for them
// as long as a child of the worker can hold them back, and no longer.
func (p *process) epitaphOf(ctx context.Context) error {
	timer := time.NewTimer(3 * p.cmd.WaitDelay)
	defer timer.Stop()
	select {
	case <-p.gone:
		return p.epitaph
	case <-ctx.Done():
	case <-timer.C:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cause == nil {
		return errEnded
	}
	return p.cause
}

func (p *process) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.streams)
}

// behind is the longest wait among the streams whose audio comes live.
func (p *process) behind() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	var most time.Duration
	for _, s := range p.streams {
		if !s.hints.Batch {
			most = max(most, s.behind())
		}
	}
	return most
}

func (p *process) usage() Usage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.used
}

// tail keeps the last lines that the worker writes to standard error: the end
// of them, but only the beginning of a dump of its goroutines, which follows
// the runtime's last words and would bury them.
type tail struct {
	mu   sync.Mutex
	text []byte
	left int // of the dump, when one has begun; 0 before
	full bool
}

const (
	// tailSize is enough for the last lines of a native abort, and dumpSize for
	// the first frames of a panic.
	tailSize, dumpSize = 2048, 512
	dumpMark           = "\ngoroutine "
)

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range b {
		t.add(c)
	}
	return len(b), nil
}

func (t *tail) add(c byte) {
	if t.full {
		return
	}
	t.text = append(t.text, c)
	switch {
	case t.left > 0:
		t.left--
		t.full = t.left == 0
	case c == ' ' && bytes.HasSuffix(t.text, []byte(dumpMark)):
		t.left = dumpSize
	}
	// It moves once in a while only.
	if len(t.text) > 2*tailSize {
		t.text = append(t.text[:0], t.text[len(t.text)-tailSize-dumpSize:]...)
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := t.text[max(0, len(t.text)-tailSize):]
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "?")), " ")
}
