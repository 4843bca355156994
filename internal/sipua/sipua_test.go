package sipua_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"heed/internal/sipua"
)

// TestLongMessagesByDatagramAndInSilence sends a message longer than the
// library sends by itself, and looks that nothing of it is written anywhere.
func TestLongMessagesByDatagramAndInSilence(t *testing.T) {
	var lines strings.Builder
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ua := agent(t)
	server, err := sipgo.NewServer(ua)
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan *sip.Request, 1)
	server.OnMessage(func(r *sip.Request, tx sip.ServerTransaction) {
		came <- r
		if err := tx.Respond(sip.NewResponseFromRequest(r, sip.StatusOK, "OK", nil)); err != nil {
			t.Error(err)
		}
	})
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.ServeUDP(conn) // it ends when the socket does
	}()
	t.Cleanup(func() {
		conn.Close()
		<-served
	})

	client, err := sipgo.NewClient(agent(t), sipgo.WithClientHostname("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	var to sip.Uri
	if err := sip.ParseUri("sip:secret-number@"+conn.LocalAddr().String(), &to); err != nil {
		t.Fatal(err)
	}
	r := sip.NewRequest(sip.MESSAGE, to)
	body := strings.Repeat("x", 5000)
	r.SetBody([]byte(body))
	answer, err := client.Do(ctx, r)
	if err != nil || answer.StatusCode != sip.StatusOK {
		t.Fatalf("%v, %v", answer, err)
	}
	got := <-came
	if string(got.Body()) != body || got.GetHeader("User-Agent") != nil && got.GetHeader("User-Agent").Value() != sipua.Name {
		t.Errorf("%d bytes of %d came, as %v", len(got.Body()), len(body), got.GetHeader("User-Agent"))
	}
	if strings.Contains(lines.String(), "secret-number") || strings.Contains(lines.String(), "xxxx") {
		t.Errorf("written: %.400s", lines.String())
	}
}

func agent(t *testing.T) *sipgo.UserAgent {
	t.Helper()
	ua, err := sipua.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ua.Close(); err != nil {
			t.Error(err)
		}
	})
	return ua
}
