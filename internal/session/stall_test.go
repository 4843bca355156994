package session

import (
	"context"
	"io/fs"
	"os"
	"sync"
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

// stall is something that stands still for a while.
type stall struct {
	mu    sync.Mutex
	until chan struct{} // nil while it goes on
}

func (s *stall) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = make(chan struct{})
}

func (s *stall) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.until)
	s.until = nil
}

// pass waits until it goes on.
func (s *stall) pass() {
	s.mu.Lock()
	until := s.until
	s.mu.Unlock()
	if until != nil {
		<-until
	}
}

// stuckDisk stands still now and then: whoever writes waits.
type stuckDisk struct {
	plainDisk
	stall
}

func (d *stuckDisk) OpenFile(name string, flag int, perm fs.FileMode) (recording.File, error) {
	d.pass()
	f, err := os.OpenFile(name, flag, perm)
	return &stuckFile{f, d}, err
}

type stuckFile struct {
	*os.File
	d *stuckDisk
}

func (f *stuckFile) WriteAt(b []byte, off int64) (int, error) {
	f.d.pass()
	return f.File.WriteAt(b, off)
}

// playInTime is play, and fails when a frame was not taken at once.
func playInTime(t *testing.T, s ingest.Stream, from, to time.Duration) {
	t.Helper()
	began := time.Now()
	play(s, 0, from, to, realTime)
	if took := time.Since(began); took != to-from {
		t.Errorf("the reader was held up for %s", took-(to-from))
	}
}

func TestEngineThatStallsForTenSecondsMissesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stuck stall
		r := newRig(t, func(o *Options) {
			o.Engine = func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
				e := scripted.New(scripted.ForParty(dialogue, string(who)))
				return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
					fed := make(chan transcribe.Frame)
					go func() {
						defer close(fed)
						for f := range frames {
							stuck.pass()
							fed <- f
						}
					}()
					return e.Transcribe(ctx, fed, emit)
				}), "stuck"
			}
		})
		s := r.open(t, "a")
		playInTime(t, s, 0, 20*second)
		stuck.begin()
		playInTime(t, s, 20*second, 30*second)
		stuck.end()
		playInTime(t, s, 30*second, dialogueLength)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if c.Health.Dropped != 0 || c.Recording.State != "kept" || c.Recording.Lost != 0 {
			t.Errorf("dropped %d, recording %+v", c.Health.Dropped, c.Recording)
		}
		for _, u := range said {
			if u.Recovered {
				t.Errorf("%q came after the call", u.Text)
			}
		}
		if w := heardBack(t, r, c.ID); len(w.Channels[0]) != 60*8000 || !loudAt(w, 0, 25*second) {
			t.Error("the recording is not whole")
		}
	})
}

// While the disk stands still, words go on, and what was spoken meanwhile is
// written down when it goes on.
func TestDiskThatStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &stuckDisk{}
		r := newRig(t, func(o *Options) { o.Disk = disk })
		s := r.open(t, "a")
		playInTime(t, s, 0, 20*second)
		disk.begin()
		playInTime(t, s, 20*second, 50*second)
		if _, said := r.brain.only(t); len(said) < 7 {
			t.Errorf("%d utterances of 7 came while the disk stood still", len(said))
		}
		disk.end()
		playInTime(t, s, 50*second, dialogueLength)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if c.Recording.State != "kept" || c.Recording.Lost != 0 {
			t.Errorf("recording %+v", c.Recording)
		}
		if w := heardBack(t, r, c.ID); len(w.Channels[0]) != 60*8000 || !loudAt(w, 0, 37*second) {
			t.Error("the recording is not whole")
		}
	})
}

// What does not fit while the disk stands still is lost, counted and shown
// while the call lives; the words are not.
func TestDiskThatStallsForTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &stuckDisk{}
		r := newRig(t, func(o *Options) { o.Disk, o.Engine, o.Sounds = disk, deaf, nil })
		s := r.open(t, "a")
		disk.begin()
		const long, frame = 6 * time.Minute, 200 * time.Millisecond
		began := time.Now()
		for at := time.Duration(0); at < long; at += frame {
			for _, who := range []insights.Speaker{insights.Agent, insights.Customer} {
				s.Audio(who, transcribe.Frame{Rate: 8000, At: at, PCM: make([]int16, 1600)})
			}
			wait(frame)
		}
		if took := time.Since(began); took != long {
			t.Errorf("the reader was held up for %s", took-long)
		}
		c, _ := r.brain.only(t)
		fits := time.Duration(tapeBytes/2/(2*8000)) * second
		if lost := c.Recording.Lost.Duration(); c.Recording.State != "partial" || lost < long-fits-2*second || lost > long-fits+2*second {
			t.Errorf("while it stood still: %+v, want %s lost", c.Recording, long-fits)
		}
		disk.end()
		c, _ = r.finish(t, s)
		if lost := c.Recording.Lost.Duration(); c.Recording.State != "partial" || lost < long-fits-second || lost > long-fits+second {
			t.Errorf("in the end: %+v, want %s lost", c.Recording, long-fits)
		}
	})
}

// A database that stands still holds up words, and nobody who reads.
func TestDatabaseThatStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stuck stall
		r := newRig(t, nil)
		r.brain.refuseHeard = func(insights.Utterance) error { stuck.pass(); return nil }
		s := r.open(t, "a")
		playInTime(t, s, 0, 20*second)
		stuck.begin()
		playInTime(t, s, 20*second, 45*second)
		stuck.end()
		playInTime(t, s, 45*second, dialogueLength)
		c, said := r.finish(t, s)
		wantWords(t, said, dialogue)
		if c.Health.Dropped != 0 || c.Recording.State != "kept" {
			t.Errorf("dropped %d, recording %+v", c.Health.Dropped, c.Recording)
		}
	})
}
