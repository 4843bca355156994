package app_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/stun/v4"

	"heed/internal/app"
	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/play"
	"heed/transcribe/audio"
)

// flooded is a server that strangers do their worst to.
type flooded struct {
	app    *app.App
	client *client.Client
	addr   string
	audio  string // the port of WebRTC
}

// TestFloodsDoNotDisturbCalls has two calls live while the server is flooded in
// every way that strangers, and senders gone mad, have: neither loses a frame,
// what is refused is counted, and nothing of it stays.
func TestFloodsDoNotDisturbCalls(t *testing.T) {
	cfg := settings(t, t.TempDir())
	cfg.Limits.PerAddress, cfg.Limits.HeaderWait, cfg.Limits.Sockets = 100, time.Second, 16
	cfg.WHIP.Listen = "127.0.0.1:" + strconv.Itoa(freeUDP(t))
	a := build(t, cfg, app.NoEngine())
	f := &flooded{app: a, client: run(t, a), addr: a.Addr().String(), audio: cfg.WHIP.Listen}
	var calls sync.WaitGroup
	records := make(chan *desk.Record, 2)
	for _, as := range []string{"twilio", "whip"} {
		calls.Go(func() {
			records <- callAs(t, f.client, play.Options{
				Recording: humming(t, 4*time.Second), URL: f.client.Base(), Key: f.client.Key(), As: as, Speed: 1,
				Caller: play.Caller{From: "+12025550142"},
			})
		})
	}
	waitLive(t, f.client)
	var floods sync.WaitGroup
	for _, flood := range []func(*testing.T){f.halfOpen, f.churn, f.slowHeaders, f.packets, f.giant, f.pings, f.fragments, f.idle} {
		floods.Go(func() { flood(t) })
	}
	floods.Wait()
	calls.Wait()
	for range 2 {
		r := <-records
		h := r.Health
		if h.Dropped+h.Garbage+h.Late+h.Lost+h.Gaps != 0 || r.Duration < 3.9 || r.Duration > 4.1 {
			t.Errorf("a call of %v s: %+v", r.Duration, h)
		}
	}
	f.counted(t)
}

// freeUDP gives a port that is free now.
func freeUDP(t *testing.T) int {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	return c.LocalAddr().(*net.UDPAddr).Port
}

// humming is a recording of both parties.
func humming(t *testing.T, long time.Duration) *play.Recording {
	t.Helper()
	f := audio.WAVFormat{Rate: 8000, Channels: 2, Encoding: audio.Mulaw}
	pcm := make([]int16, int(long.Seconds()*2*8000))
	for i := range pcm {
		pcm[i] = int16(4000 * math.Sin(float64(i)/10))
	}
	file := audio.EncodeMulaw(audio.AppendWAVHeader(nil, f, int64(len(pcm))), pcm)
	r, err := play.Read(bytes.NewReader(file), play.Right)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stranger connects from an address of its own on this machine, unless the
// server turns it away at once.
func (f *flooded) stranger(t *testing.T, from byte) net.Conn {
	t.Helper()
	d := net.Dialer{Timeout: 10 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, from)}}
	c, err := d.DialContext(t.Context(), "tcp", f.addr)
	if err != nil {
		return nil
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// halfOpen opens 5,000 connections and says nothing on any.
func (f *flooded) halfOpen(t *testing.T) {
	for range 5000 {
		f.stranger(t, 2)
	}
}

// churn opens and closes.
func (f *flooded) churn(t *testing.T) {
	for range 1000 {
		if c := f.stranger(t, 3); c != nil {
			_ = c.Close()
		}
	}
}

// slowHeaders sends a byte of a header now and then, and is hung up on.
func (f *flooded) slowHeaders(t *testing.T) {
	c := f.stranger(t, 4)
	if c == nil {
		t.Error("it was turned away")
		return
	}
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for range 400 {
		if _, err := io.WriteString(c, "G"); err != nil {
			return
		}
		<-again.C
	}
	t.Error("a header could be sent for ever")
}

// packets sends noise, and STUN of nobody, to the port of WebRTC.
func (f *flooded) packets(t *testing.T) {
	c, err := net.Dial("udp", f.audio)
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = c.Close() }()
	noise := make([]byte, 200)
	for i := range 4000 {
		b := noise
		switch i % 2 {
		case 0:
			_, _ = rand.Read(noise)
		case 1:
			m := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername(fmt.Sprintf("nobody%d:x", i)), stun.Fingerprint)
			b = m.Raw
		}
		if _, err := c.Write(b); err != nil {
			t.Error(err)
			return
		}
	}
}

// socket opens a media socket as a platform that may.
func (f *flooded) socket(t *testing.T) *websocket.Conn {
	t.Helper()
	header := http.Header{"Authorization": {"Bearer " + f.client.Key()}}
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+f.addr+"/ingest/twilio/media", header)
	if err != nil {
		t.Errorf("open a socket: %v", err)
		return nil
	}
	t.Cleanup(func() { _ = ws.Close() })
	return ws
}

// closedWith says with which code the server ends a socket.
func closedWith(t *testing.T, ws *websocket.Conn, want int) {
	t.Helper()
	_ = ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		_, _, err := ws.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) && closed.Code == want {
			return
		}
		if err != nil {
			t.Errorf("it ended with %v, want %d", err, want)
			return
		}
	}
}

// giant announces a message of 64 MB.
func (f *flooded) giant(t *testing.T) {
	ws := f.socket(t)
	if ws == nil {
		return
	}
	header := []byte{0x81, 0xff, 0, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4}
	_, _ = ws.NetConn().Write(header)
	closedWith(t, ws, websocket.CloseMessageTooBig)
}

// pings sends nothing but pings.
func (f *flooded) pings(t *testing.T) {
	ws := f.socket(t)
	if ws == nil {
		return
	}
	for range 1000 {
		if err := ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(5*time.Second)); err != nil {
			break
		}
	}
	closedWith(t, ws, websocket.ClosePolicyViolation)
}

// fragments sends a ping in pieces, which no protocol allows.
func (f *flooded) fragments(t *testing.T) {
	ws := f.socket(t)
	if ws == nil {
		return
	}
	_, _ = ws.NetConn().Write([]byte{0x09, 0x80, 1, 2, 3, 4})
	closedWith(t, ws, websocket.CloseProtocolError)
}

// idle opens sockets and sends nothing on them, until there are no more.
func (f *flooded) idle(t *testing.T) {
	header := http.Header{"Authorization": {"Bearer " + f.client.Key()}}
	full := 0
	for range 400 {
		ws, r, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+f.addr+"/ingest/plivo/media", header)
		switch {
		case err == nil:
			t.Cleanup(func() { _ = ws.Close() })
		case r != nil && r.StatusCode == http.StatusServiceUnavailable:
			full++
		}
		if full > 5 {
			return
		}
	}
	t.Error("sockets without an end could be opened")
}

// counted looks for each refusal in the metrics.
func (f *flooded) counted(t *testing.T) {
	t.Helper()
	text := string(metrics(t, f.client))
	for _, m := range []string{
		`heed_connections_refused_total{reason="address"}`, `heed_whip_stray_packets_total`,
		`heed_door_refused_total{platform="twilio",reason="pings"}`, `heed_door_refused_total{platform="twilio",reason="size"}`,
		`heed_door_refused_total{platform="twilio",reason="protocol"}`, `heed_door_refused_total{platform="plivo",reason="full"}`,
	} {
		if value, found := valueOf(text, m); !found || value == 0 {
			t.Errorf("%s is %v", m, value)
		}
	}
	if n, _ := valueOf(text, "heed_whip_kernel_drops_total"); n > 0 {
		t.Errorf("the kernel threw %v packets away", n)
	}
}

// valueOf finds a metric.
func valueOf(text, name string) (float64, bool) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			return v, err == nil
		}
	}
	return 0, false
}
