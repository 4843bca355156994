package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// terminal prints lines on standard output and, when somebody looks at
// standard error, a progress bar there that keeps out of their way. It is
// safe for concurrent use.
type terminal struct {
	out, err io.Writer
	watched  bool

	mu   sync.Mutex
	bar  *progressbar.ProgressBar // nil while there is none
	what string
}

func newTerminal(out, errs io.Writer) *terminal {
	f, ok := errs.(*os.File)
	return &terminal{out: out, err: errs, watched: ok && term.IsTerminal(int(f.Fd()))}
}

// printf prints whole lines. Where they cannot be written nobody reads them.
func (t *terminal) printf(format string, args ...any) { t.print(t.out, format, args) }

// notef prints whole lines beside the output, on standard error.
func (t *terminal) notef(format string, args ...any) { t.print(t.err, format, args) }

func (t *terminal) print(to io.Writer, format string, args []any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bar != nil {
		_ = t.bar.Clear()
	}
	_, _ = fmt.Fprintf(to, format, args...)
	if t.bar != nil {
		_ = t.bar.RenderBlank()
	}
}

// progress shows how much of a stretch of audio is done. A bar that cannot be
// drawn is no reason to stop.
func (t *terminal) progress(what string, done, total time.Duration) {
	t.set(what, done.Milliseconds(), total.Milliseconds(), progressbar.OptionSetElapsedTime(true))
}

// count shows how many of a number of things are done.
func (t *terminal) count(what string, done, total int) {
	t.set(what, int64(done), int64(total), progressbar.OptionShowCount())
}

// items shows how many of a number of things are done, how fast that goes and
// how long the rest takes; the text beside it may change.
func (t *terminal) items(what, text string, done, total int) {
	t.set(what, int64(done), int64(total), progressbar.OptionShowIts(), progressbar.OptionShowCount(), progressbar.OptionSetItsString("recordings"), progressbar.OptionSetPredictTime(true))
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bar != nil {
		t.bar.Describe(text)
	}
}

// download shows how much of a file has come.
func (t *terminal) download(what string) func(done, total int64) {
	return func(done, total int64) {
		t.set(what, done, total, progressbar.OptionShowBytes(true))
		if done >= total {
			t.done()
		}
	}
}

func (t *terminal) set(what string, done, total int64, style ...progressbar.Option) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.watched || total <= 0 {
		return
	}
	if t.bar == nil || t.what != what {
		t.what = what
		t.bar = progressbar.NewOptions64(total, append([]progressbar.Option{
			progressbar.OptionSetWriter(t.err), progressbar.OptionSetDescription(what),
			progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100 * time.Millisecond),
			progressbar.OptionUseANSICodes(true), progressbar.OptionClearOnFinish(),
		}, style...)...)
	}
	_ = t.bar.Set64(min(done, total))
}

// done takes the bar away.
func (t *terminal) done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bar != nil {
		_ = t.bar.Clear()
		t.bar = nil
	}
}
