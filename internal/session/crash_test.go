package session

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/internal/recording"
	"heed/transcribe"
	"heed/transcribe/scripted"
)

// next replaces the manager by that of a new process on the same folder.
func (r *rig) next(t testing.TB) {
	t.Helper()
	r.shut(t)
	var err error
	if r.Manager, err = New(r.o); err != nil {
		t.Fatal(err)
	}
}

// journal is a brain that a kill cannot make forget: every fact is a line of
// a file, synced before the method returns.
type journal struct {
	*memory
	file *os.File
}

type fact struct {
	Call *event.Call         `json:"call,omitempty"`
	Said *insights.Utterance `json:"said,omitempty"`
	// Forget takes back what was said on the call before.
	Forget bool `json:"forget,omitempty"`
}

func openJournal(dir string) (*journal, error) {
	name := filepath.Join(dir, "journal")
	raw, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	j := &journal{memory: newMemory()}
	for line := range bytes.Lines(raw) {
		var f fact
		if err := json.Unmarshal(line, &f); err != nil {
			break // torn by the kill, so never acknowledged
		}
		if f.Call != nil {
			j.calls[f.Call.ID] = *f.Call
			if f.Forget {
				delete(j.said, f.Call.ID)
			}
		}
		if f.Said != nil {
			j.said[f.Said.CallID] = append(j.said[f.Said.CallID], *f.Said)
		}
	}
	j.file, err = os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	return j, err
}

func (j *journal) keep(f fact) error {
	line, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

func (j *journal) CallStarted(ctx context.Context, c event.Call) (event.Call, error) {
	c, err := j.memory.CallStarted(ctx, c)
	return c, errors.Join(err, j.keep(fact{Call: &c}))
}

func (j *journal) Heard(ctx context.Context, id string, u insights.Utterance, found []insights.Insight) error {
	return errors.Join(j.keep(fact{Said: &u}), j.memory.Heard(ctx, id, u, found))
}

func (j *journal) CallChanged(ctx context.Context, c event.Call) error {
	return errors.Join(j.keep(fact{Call: &c}), j.memory.CallChanged(ctx, c))
}

func (j *journal) RecordingAnswered(ctx context.Context, c event.Call) error {
	return errors.Join(j.keep(fact{Call: &c, Forget: c.Recording.Answer == "no"}), j.memory.RecordingAnswered(ctx, c))
}

func (j *journal) CallEnded(ctx context.Context, c event.Call, whole []insights.Insight) error {
	return errors.Join(j.keep(fact{Call: &c}), j.memory.CallEnded(ctx, c, whole))
}

// childMain is what a process started by kill does; false in the parent.
func childMain() bool {
	dir, what := os.Getenv("HEED_SESSION_DIR"), os.Getenv("HEED_SESSION_CHILD")
	if dir == "" {
		return false
	}
	if err := child(context.Background(), dir, what); err != nil {
		fmt.Println("child:", err)
	}
	return true
}

// child lives a call or recovers one, and says on its standard output how
// far it is.
func child(ctx context.Context, dir, what string) error {
	j, err := openJournal(dir)
	if err != nil {
		return err
	}
	m, err := New(Options{
		Brain: j, Dir: dir, Key: masterKey, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Engine: func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
			return slow(scripted.New(scripted.ForParty(dialogue, string(who))), 50*time.Microsecond), "scripted"
		},
	})
	if err != nil {
		return err
	}
	switch what {
	case "recover":
		fmt.Println("recovering")
		return m.Recover(ctx)
	case "past":
		return pastChild(ctx, m, dir)
	}
	s, err := m.Open(ctx, start("call-1", "a"))
	if err != nil {
		return err
	}
	orders := map[string]Order{"pause": Pause, "refuse": Refuse}
	for at := time.Duration(0); at < dialogueLength; at += second {
		if order := orders[what]; order != "" && at == 20*second {
			if err := m.Recording(ctx, j.onlyID(), order, "agent"); err != nil {
				return err
			}
			fmt.Println("obeyed")
		}
		play(s, 0, at, at+second, 0)
		wait(15 * time.Millisecond)
		fmt.Println("played", int(at/second)+1)
	}
	s.Stop(ingest.Stopped)
	return m.Drain(ctx)
}

// kill runs a child and kills it some time after it said a line.
func kill(t *testing.T, dir, what, after string, delay time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "HEED_SESSION_DIR="+dir, "HEED_SESSION_CHILD="+what)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != after {
		if strings.HasPrefix(lines.Text(), "child:") {
			t.Error(lines.Text())
		}
	}
	wait(delay)
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// wordsUpTo is what a party says when its audio ends at a moment.
func wordsUpTo(t *testing.T, who insights.Speaker, end time.Duration) scripted.Line {
	t.Helper()
	frames := make(chan transcribe.Frame)
	go func() {
		defer close(frames)
		for at := time.Duration(0); at+realTime <= end; at += realTime {
			frames <- speech(who, at)
		}
	}()
	var texts []string
	err := scripted.New(scripted.ForParty(dialogue, string(who))).Transcribe(t.Context(), frames, func(s transcribe.Segment) error {
		if s.Final {
			texts = append(texts, s.Text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return scripted.Line{Speaker: string(who), Text: strings.Join(texts, " ")}
}

func TestKilledProcessLosesNoCommittedWord(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, round := range []struct {
		second  int
		crashes int // while recovering
	}{{3, 0}, {9, 0}, {17, 1}, {23, 0}, {41, 2}, {56, 1}, {60, 0}} {
		t.Run(fmt.Sprintf("after %d s, %d more", round.second, round.crashes), func(t *testing.T) {
			dir := t.TempDir()
			kill(t, dir, "call", fmt.Sprintf("played %d", round.second), time.Duration(random.IntN(12000))*time.Microsecond)
			for range round.crashes {
				kill(t, dir, "recover", "recovering", time.Duration(random.IntN(30000))*time.Microsecond)
			}
			checkRecovered(t, dir)
		})
	}
}

// checkRecovered recovers the one call of a folder and checks what came of it.
func checkRecovered(t *testing.T, dir string) {
	t.Helper()
	j, err := openJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.file.Close() }()
	before, committed := j.only(t)
	committed = slices.Clone(committed)
	if before.Status != event.CallLive { // faster than the kill
		wantWords(t, committed, dialogue)
		return
	}
	var want []scripted.Line
	o := recording.Options{Dir: dir, Key: masterKey}
	spool, err := recording.Reopen(o, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	length := time.Duration(0)
	for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
		want = append(want, wordsUpTo(t, who, spool.End(who)))
		length = max(length, spool.End(who))
	}
	if err := spool.Close(); err != nil {
		t.Fatal(err)
	}

	r := newRig(t, func(o *Options) { o.Brain, o.Dir = j, dir })
	r.brain = j.memory
	if err := r.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Recover(t.Context()); err != nil { // idempotent
		t.Fatal(err)
	}
	c, said := r.drained(t)
	wantWords(t, said, want)
	for i, u := range committed {
		if said[i].ID != u.ID || said[i].Text != u.Text {
			t.Errorf("committed utterance %d is now %+v", i, said[i])
		}
	}
	for _, u := range said[len(committed):] {
		if !u.Recovered {
			t.Errorf("%q is not marked as recovered", u.Text)
		}
	}
	if c.Status != event.CallRecovered || c.EndedAt == nil || c.Recording.State != "kept" {
		t.Errorf("recovered as %+v", c)
	}
	// The last report may have counted what was not in the spool yet.
	if d := c.Duration.Duration(); d < length || d > length+recording.ChunkLength {
		t.Errorf("recovered %s of call, want %s", d, length)
	}
	if w := heardBack(t, r, c.ID); len(w.Channels[0]) != int(length*8000/second) {
		t.Errorf("recording of %d samples, want %s", len(w.Channels[0]), length)
	}
}

func TestClosedProcessLeavesItsCallsToTheNext(t *testing.T) {
	r := newRig(t, nil)
	s := r.open(t, "a")
	play(s, 0, 0, 30*second, 0)
	r.next(t) // cuts the call off
	s.Audio(insights.Agent, speech(insights.Agent, 30*second))
	s.Stop(ingest.Stopped)
	if len(r.brain.ended) != 0 {
		t.Fatal("a call that was cut off was closed")
	}
	if err := r.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, said := r.drained(t)
	wantWords(t, said, dialogue[:5])
}

func TestRecoverWithoutASpool(t *testing.T) {
	for name, spoil := range map[string]func(dir, id string) error{
		"gone": recording.Destroy,
		"foreign": func(dir, id string) error {
			return os.WriteFile(filepath.Join(dir, "spool", id+".spool"), []byte("x"), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			s := r.open(t, "a")
			play(s, 0, 0, 30*second, 0)
			r.next(t)
			c, _ := r.brain.only(t)
			if err := spoil(r.o.Dir, c.ID); err != nil {
				t.Fatal(err)
			}
			if err := r.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			c, _ = r.drained(t)
			if c.Status != event.CallRecovered || len(c.Health.Notes) != 1 || c.Recording.State == "recording" {
				t.Errorf("recovered as %+v", c)
			}
		})
	}
}

// sickDisk does not open one call's spool.
type sickDisk struct {
	tightDisk
	id  string
	err error
}

func (d *sickDisk) OpenFile(name string, flag int, perm fs.FileMode) (recording.File, error) {
	if d.err != nil && strings.Contains(name, d.id) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: d.err}
	}
	return d.tightDisk.OpenFile(name, flag, perm)
}

func TestSpoolThatDoesNotOpenNowIsKept(t *testing.T) {
	other := bytes.Repeat([]byte{7}, recording.KeyBytes)
	for name, c := range map[string]struct {
		err error
		key []byte
	}{
		"no descriptors":     {syscall.EMFILE, masterKey},
		"sick disk":          {syscall.EIO, masterKey},
		"no permission":      {syscall.EACCES, masterKey},
		"another master key": {nil, other},
	} {
		t.Run(name, func(t *testing.T) {
			disk := &sickDisk{}
			r := newRig(t, func(o *Options) { o.Disk = disk })
			s := r.open(t, "a")
			play(s, 0, 0, 30*second, 0)
			call, _ := r.brain.only(t)
			r.shut(t) // the first process has no trouble: it may write its spool until here
			r.o.Key, disk.id, disk.err = c.key, call.ID, c.err
			r.next(t)
			if err := r.Recover(t.Context()); !errors.Is(err, cmp.Or(c.err, recording.ErrKey)) {
				t.Fatalf("recovered: %v", err)
			}
			if ids, err := recording.Spooled(r.o.Dir); err != nil || len(ids) != 1 || len(r.brain.ended) != 0 {
				t.Fatalf("spools %v, %v; ended %d times", ids, err, len(r.brain.ended))
			}
			r.o.Key, disk.err = masterKey, nil
			r.next(t)
			if err := r.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, said := r.drained(t)
			wantWords(t, said, dialogue[:5])
		})
	}
}

func TestOneUnreadableCallDoesNotStopTheOthers(t *testing.T) {
	disk := &sickDisk{}
	r := newRig(t, func(o *Options) { o.Disk = disk })
	for _, id := range []string{"call-1", "call-2", "call-3"} {
		s, err := r.Open(t.Context(), start(id, id))
		if err != nil {
			t.Fatal(err)
		}
		play(s, 0, 0, 10*second, 0)
	}
	r.next(t)
	for id, c := range r.brain.calls {
		if c.PlatformCall == "call-2" {
			disk.id, disk.err = id, syscall.EIO
		}
	}
	if err := r.Recover(t.Context()); !errors.Is(err, syscall.EIO) {
		t.Errorf("recovered: %v", err)
	}
	if len(r.brain.ended) != 2 || r.brain.calls[disk.id].Status != event.CallLive {
		t.Errorf("%d calls ended, want the other two", len(r.brain.ended))
	}
}

func TestSpoolsOfNoCallAreDestroyed(t *testing.T) {
	r := newRig(t, nil)
	stray, err := recording.Create(recording.Options{Dir: r.o.Dir, Key: masterKey}, event.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stray.Write(insights.Agent, speech(insights.Agent, 0)), stray.Close()); err != nil {
		t.Fatal(err)
	}
	s := r.open(t, "a")
	play(s, 0, 0, 5*second, 0)
	if err := r.Recover(t.Context()); err != nil { // beside a live call
		t.Fatal(err)
	}
	play(s, 0, 5*second, 10*second, 0)
	c, said := r.finish(t, s)
	if c.Status != event.CallOver || len(said) != 3 || c.Recording.State != "kept" {
		t.Errorf("Recover touched a live call: %+v, %d utterances", c, len(said))
	}
}

// lateList is a brain whose list of open calls is old when it arrives.
type lateList struct {
	*memory
	meanwhile func()
}

func (b *lateList) OpenCalls(ctx context.Context) ([]event.Call, map[string][]insights.Utterance, error) {
	calls, said, err := b.memory.OpenCalls(ctx)
	b.meanwhile()
	return calls, said, err
}

func TestCallThatEndsDuringRecoverIsNotRecovered(t *testing.T) {
	late := &lateList{memory: newMemory()}
	r := newRig(t, func(o *Options) { o.Brain = late })
	r.brain = late.memory
	s := r.open(t, "a")
	play(s, 0, 0, 10*second, 0)
	late.meanwhile = func() {
		s.Stop(ingest.Stopped)
		if err := r.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := r.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c, _ := r.drained(t); c.Status != event.CallOver {
		t.Errorf("status %s", c.Status)
	}
	if len(r.ids) != 0 || len(r.over) != 0 {
		t.Errorf("ids kept: %v, %v", r.ids, r.over)
	}
}

func TestRecoverHearsWhatTheDeadProcessOwed(t *testing.T) {
	r := newRig(t, nil)
	s := r.open(t, "a")
	play(s, 0, 0, dialogueLength, 0)
	r.next(t)
	c, _ := r.brain.only(t)
	// The last line is committed; the engine had skipped 13 s to 34 s before.
	r.brain.said[c.ID] = nil
	for i, l := range dialogue {
		if l.Start > 12*second && l.Start < 34*second {
			continue
		}
		r.brain.said[c.ID] = append(r.brain.said[c.ID], insights.Utterance{
			ID: fmt.Sprint(i), CallID: c.ID, Seq: len(r.brain.said[c.ID]) + 1, Speaker: insights.Speaker(l.Speaker),
			Start: insights.SecondsOf(l.Start), End: insights.SecondsOf(l.End), Text: l.Text, Confidence: 1,
		})
	}
	rec, err := recording.Reopen(recording.Options{Dir: r.o.Dir, Key: masterKey}, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
		if err := rec.Owe(who, 13*second, 34*second); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, said := r.drained(t)
	wantWords(t, said, dialogue)
}

// tend recovers what is left open until the test is over.
func (r *rig) tend(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { r.Tend(ctx) })
	t.Cleanup(func() {
		cancel()
		group.Wait()
	})
}

func TestCallLeftOpenIsTendedInTheSameProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		r := newRig(t, nil)
		r.brain.refuseHeard = func(insights.Utterance) error {
			if down.Load() {
				return errors.New("no store")
			}
			return nil
		}
		r.tend(t)
		s := r.open(t, "a")
		play(s, 0, 0, 30*second, realTime)
		down.Store(true)
		play(s, 0, 30*second, dialogueLength, realTime)
		s.Stop(ingest.Stopped)
		wait(2 * patience) // the actor has given up, and so has a first recovery
		if c, _ := r.brain.only(t); c.Status != event.CallLive || r.Live() != 0 {
			t.Fatalf("%s, %d live", c.Status, r.Live())
		}
		down.Store(false)
		wait(2 * tendEvery)
		c, said := r.drained(t)
		wantWords(t, said, dialogue)
		if c.Status != event.CallRecovered || c.Recording.State != "kept" {
			t.Errorf("%s, %+v", c.Status, c.Recording)
		}
	})
}

func TestTendComplainsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		disk := &sickDisk{}
		r := newRig(t, func(o *Options) { o.Disk, o.Logger = disk, slog.New(slog.NewTextHandler(&logged, nil)) })
		s := r.open(t, "a")
		play(s, 0, 0, 10*second, realTime)
		r.next(t)
		c, _ := r.brain.only(t)
		disk.id, disk.err = c.ID, syscall.EIO
		logged.Reset()
		r.tend(t)
		wait(10 * tendEvery)
		synctest.Wait()
		if n := strings.Count(logged.String(), "level=ERROR"); n != 1 {
			t.Errorf("%d complaints in ten minutes:\n%s", n, &logged)
		}
	})
}
