package app_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/play"
	"heed/internal/store"
	"heed/transcribe/scripted"
)

func newApp(t *testing.T, dir, listen string) (*app.App, error) {
	t.Helper()
	c := settings(t, dir)
	if listen != "" {
		c.Listen = listen
	}
	return app.New(t.Context(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil)})
}

func TestTheAddressIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := filepath.Join(t.TempDir(), "data")
	_, err = newApp(t, dir, l.Addr().String())
	if err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("error %v, want one that says what to do", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("the data folder was made although nothing could be served")
	}
}

func TestTheDataFolderIsRefused(t *testing.T) {
	t.Run("a file is in its place", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "data")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := newApp(t, path, ""); !errors.Is(err, store.ErrNotWritable) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("another server uses it", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "data")
		first, err := newApp(t, dir, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := newApp(t, dir, ""); !errors.Is(err, store.ErrLocked) {
			t.Errorf("error %v", err)
		}
		if err := first.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		again, err := newApp(t, dir, "")
		if err != nil {
			t.Fatalf("after the first has stopped: %v", err)
		}
		if err := again.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("its master key is cut off", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "master.key"), []byte("short"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := newApp(t, dir, ""); err == nil || !strings.Contains(err.Error(), "backup") {
			t.Errorf("error %v", err)
		}
	})
}

func TestTwoServersLiveAndStopTwice(t *testing.T) {
	for range 2 {
		a, c := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
		if err := client.Alive(t.Context(), c.Base()); err != nil {
			t.Error(err)
		}
		for range 2 {
			if err := a.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if err := client.Alive(t.Context(), c.Base()); err == nil {
			t.Error("it answers after the stop")
		}
	}
}

func TestSecretsAreForTheOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	a, _ := serve(t, dir, app.NoEngine())
	for _, name := range []string{"", "master.key", client.KeyFile, client.AddressFile, "heed.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q has mode %v", name, info.Mode())
		}
	}
	key, err := client.FindKey("", dir)
	if err != nil || key != a.Key() || client.FindServer("", dir) != a.URL() {
		t.Errorf("key %v %v, server %s", key == a.Key(), err, client.FindServer("", dir))
	}
	if _, err := client.FindKey("", t.TempDir()); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("a folder without a key: %v", err)
	}
}

func TestTheSignInLinkWorksOnce(t *testing.T) {
	a, _ := serve(t, filepath.Join(t.TempDir(), "data"), app.NoEngine())
	link, err := a.SignInLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "token=")
	for i, want := range []int{http.StatusNoContent, http.StatusUnauthorized} {
		resp, err := http.Post("http://"+a.Addr().String()+"/v1/session", "application/json", strings.NewReader(`{"token":"`+token+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("time %d: %d, want %d", i+1, resp.StatusCode, want)
		}
	}
}

// TestDrainWaitsForTheLiveCall starts a call, drains, and sees that new calls
// are refused while the live one comes to its end.
func TestDrainWaitsForTheLiveCall(t *testing.T) {
	name := "happy-thanks"
	s, lines := readScript(t, name)
	a, c := serve(t, filepath.Join(t.TempDir(), "data"), scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	// The caller waits after a second of the call until it was seen: on a busy
	// machine it would otherwise be over before anybody looked.
	goOn, done := make(chan struct{}), make(chan *desk.Record, 1)
	release := sync.OnceFunc(func() { close(goOn) })
	var caller sync.WaitGroup
	t.Cleanup(func() {
		release()
		caller.Wait()
	})
	o := play.Options{
		Recording: recording(t, name), URL: c.Base(), Key: c.Key(), Speed: 40,
		Caller: play.Caller{From: s.Caller, To: "+12025550199", Agent: "Dana"},
		Progress: func(p play.Progress) {
			if p.At >= time.Second {
				<-goOn
			}
		},
	}
	caller.Go(func() { done <- callAs(t, c, o) })
	waitLive(t, c)
	release()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if err := a.Drain(ctx); err != nil {
		t.Error(err)
	}
	// On a busy machine 40 times real time can be too fast for the engine. A
	// line may then come in two parts, but every word comes once.
	got, want := 0, 0
	for _, u := range (<-done).Utterances {
		got += len(strings.Fields(u.Text))
	}
	for _, l := range lines {
		want += len(strings.Fields(l.Text))
	}
	if got != want {
		t.Errorf("%d words of %d", got, want)
	}
	var hungUp *play.HungUp
	if _, err := play.Call(ctx, o); !errors.As(err, &hungUp) || !strings.Contains(err.Error(), "shutting down") {
		t.Errorf("a new call: %v, want the door to hang up", err)
	}
}

// waitLive blocks until the server has a live call.
func waitLive(t *testing.T, c *client.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := c.Live(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return
		}
		<-tick.C
	}
}
