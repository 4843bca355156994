package siprec

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"heed/internal/ingest"
)

// timer is the session timer of RFC 4028. The zero value never expires.
type timer struct {
	every time.Duration
	ours  bool // we refresh
	due   time.Time
}

// readTimer reads what a request asks for. A refresher that is not named is the
// caller, unless it cannot.
func readTimer(req *sip.Request, least time.Duration) (timer, *refusal) {
	h := header(req, "session-expires", "x")
	if h == "" {
		return timer{}, nil
	}
	value, params, _ := strings.Cut(h, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
	if err != nil {
		return timer{}, badRequest("Session-Expires is no number of seconds")
	}
	if every := time.Duration(n) * time.Second; every < least {
		return timer{}, refuse(422, "Session Interval Too Small", "timer", "", sip.NewHeader("Min-SE", strconv.Itoa(int(least/time.Second))))
	}
	refresher := strings.ToLower(strings.ReplaceAll(params, " ", ""))
	ours := strings.Contains(refresher, "refresher=uas") || !lists(req, "timer", "supported", "k")
	return timer{every: time.Duration(n) * time.Second, ours: ours}, nil
}

// start begins the waiting anew. The side that refreshes does so at half time;
// the other one gives up a little before the end.
func (t *timer) start(now time.Time) {
	switch {
	case t.every == 0:
	case t.ours:
		t.due = now.Add(t.every / 2)
	default:
		t.due = now.Add(t.every - min(32*time.Second, t.every/3))
	}
}

// headers are those of the answer.
func (t *timer) headers() []sip.Header {
	if t.every == 0 {
		return nil
	}
	who := "uac"
	if t.ours {
		who = "uas"
	}
	out := []sip.Header{sip.NewHeader("Session-Expires", strconv.Itoa(int(t.every/time.Second))+";refresher="+who)}
	if !t.ours {
		out = append(out, sip.NewHeader("Require", "timer"))
	}
	return out
}

// refresh does what the session timer asks for and says when it is over.
func (l *dialog) refresh(ctx context.Context, now time.Time) ingest.Reason {
	t := &l.timer
	if t.every == 0 || now.Before(t.due) {
		return ""
	}
	if !t.ours {
		l.log.Info("the session was not refreshed")
		return ingest.Broken
	}
	t.start(now)
	// Its answer must not hold up the audio. One that says that there is no such
	// call, or none, ends it.
	r := l.peer.request(sip.UPDATE, sip.HeaderClone(l.peer.contact), sip.NewHeader("Supported", supported),
		sip.NewHeader("Session-Expires", strconv.Itoa(int(t.every/time.Second))+";refresher=uac"))
	l.door.serving.Go(func() {
		within, cancel := context.WithTimeout(ctx, unanswered*l.door.limits.T1)
		defer cancel()
		res, err := l.door.send(within, r)
		if err != nil && ctx.Err() == nil || err == nil && (res.StatusCode == sip.StatusCallTransactionDoesNotExists || res.StatusCode == sip.StatusRequestTimeout) {
			l.end(ingest.Broken)
		}
	})
	return ""
}

// header gives a header's value, by its name or its short form.
func header(req *sip.Request, names ...string) string {
	for _, name := range names {
		if h := req.GetHeader(name); h != nil {
			return strings.TrimSpace(h.Value())
		}
	}
	return ""
}

// options gives the option tags of headers.
func options(req *sip.Request, names ...string) []string {
	var out []string
	for _, name := range names {
		for _, h := range req.GetHeaders(name) {
			for tag := range strings.SplitSeq(h.Value(), ",") {
				if tag = strings.TrimSpace(tag); tag != "" {
					out = append(out, strings.ToLower(tag))
				}
			}
		}
	}
	return out
}

// lists says whether an option tag is in one of the headers.
func lists(req *sip.Request, tag string, names ...string) bool {
	return slices.Contains(options(req, names...), tag)
}
