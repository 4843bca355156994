package siprec

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"heed/insights"
)

// maxID is the longest id of a call that is kept as it is.
const maxID = 128

// facts is what is known of a call when it is recorded: by the metadata, or by
// the headers of the INVITE where there is none.
type facts struct {
	call     string
	meta     *metadata
	outbound bool // the agent called
	agent    int  // which participant is the agent; the other is the customer
	told     bool // somebody said so: the metadata, or agents
}

// readFacts finds out who is who. The first participant is the caller, and the
// customer, unless agents says that it is an agent.
func readFacts(req *sip.Request, m *metadata, o *Options) facts {
	f := facts{meta: m, agent: 1, told: m != nil && len(m.participants) > 1}
	if m == nil || len(m.participants) == 0 {
		f.meta = fromHeaders(req, m)
	}
	for i, p := range f.meta.participants {
		if isAgent(p, o.Agents) {
			f.agent, f.told, f.outbound = i, true, i == 0 && len(f.meta.participants) > 1
			break
		}
	}
	f.call = callOf(req, f.meta, o.CallHeaders)
	return f
}

// fromHeaders has the INVITE's own parties stand for those of the call.
func fromHeaders(req *sip.Request, m *metadata) *metadata {
	out := &metadata{labels: map[string]string{}, senders: map[string][]string{}}
	if m != nil {
		out.session, out.labels = m.session, m.labels
	}
	out.participants = []participant{
		{aor: req.From().Address.String(), name: clean(req.From().DisplayName)}, {aor: req.To().Address.String(), name: clean(req.To().DisplayName)},
	}
	return out
}

// isAgent matches a participant's address, with its host or without, and its
// name with patterns such as 2??? or *@agents.example.com.
func isAgent(p participant, patterns []string) bool {
	full := strings.TrimPrefix(strings.TrimPrefix(p.aor, "sips:"), "sip:")
	full, _, _ = strings.Cut(full, ";")
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		for _, s := range []string{full, userOf(p.aor), p.name} {
			if ok, err := path.Match(pattern, s); ok && err == nil && s != "" {
				return true
			}
		}
		return false
	})
}

// userOf gives the number or the name of an address such as
// sip:+14155550100;phone-context=x@example.com or tel:+14155550100.
func userOf(aor string) string {
	scheme, rest, ok := strings.Cut(aor, ":")
	if scheme = strings.ToLower(scheme); !ok || scheme != "sip" && scheme != "sips" && scheme != "tel" {
		scheme, rest = "sip", aor
	}
	user, _, hasHost := strings.Cut(rest, "@")
	if scheme != "tel" && !hasHost {
		return "" // a host alone is nobody
	}
	user, _, _ = strings.Cut(user, ";")
	if u, err := url.PathUnescape(user); err == nil {
		user = u
	}
	if slices.Contains([]string{"anonymous", "restricted", "unavailable", "unknown"}, strings.ToLower(user)) {
		return "" // who does not show their number
	}
	return clean(user)
}

// callOf gives the platform's id of the call: of the first header that was
// configured and is there, else of the metadata, else of the recording itself.
func callOf(req *sip.Request, m *metadata, headers []string) string {
	id := ""
	for _, name := range headers {
		if h := req.GetHeader(name); h != nil && id == "" {
			id = clean(h.Value())
		}
	}
	if id = first(id, m.session); id == "" {
		id = string(*req.CallID())
	}
	if len(id) > maxID {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:])
	}
	return id
}

// from and to are who called and who was called.
func (f *facts) from() string { return f.user(0) }

func (f *facts) to() string { return f.user(1) }

func (f *facts) user(i int) string {
	if i >= len(f.meta.participants) {
		return ""
	}
	return userOf(f.meta.participants[i].aor)
}

// agentName is who takes the call: the participant's name, else its number.
// Without metadata the one who is called may be the recorder.
func (f *facts) agentName() string {
	if !f.told || f.agent >= len(f.meta.participants) {
		return ""
	}
	return first(f.meta.participants[f.agent].name, f.user(f.agent))
}

func (f *facts) direction() string {
	if f.outbound {
		return "outbound"
	}
	return "inbound"
}

// parties says whose voice each line carries. A line alone that nobody claims,
// or several do, carries both voices: it is the customer's, as with every door.
// Of two lines each party has one. Lines that are not taken have none.
func (f *facts) parties(lines []offered) []insights.Speaker {
	out := make([]insights.Speaker, len(lines))
	var heard []int
	for i, l := range lines {
		if l.taken && len(heard) < 2 {
			heard = append(heard, i)
			out[i] = f.partyOf(l, len(heard)-1)
		}
	}
	switch {
	case len(heard) == 1:
		if s := f.meta.sendersOf(lines[heard[0]].label); len(s) != 1 {
			out[heard[0]] = insights.Customer
		}
	case len(heard) == 2 && out[heard[0]] == out[heard[1]]:
		out[heard[1]] = other(out[heard[0]])
	}
	return out
}

// partyOf gives the party of the nth line: who is said to send it, else what its
// label says, else the caller for the first.
func (f *facts) partyOf(l offered, nth int) insights.Speaker {
	caller := insights.Customer
	if f.agent == 0 && f.told {
		caller = insights.Agent
	}
	if s := f.meta.sendersOf(l.label); len(s) == 1 {
		if s[0] == f.agent {
			return insights.Agent
		}
		return insights.Customer
	}
	side, _, _ := strings.Cut(strings.ToLower(l.label), "/")
	switch side {
	case "a_leg", "inbound", "caller":
		return caller
	case "b_leg", "outbound", "callee":
		return other(caller)
	}
	if nth == 0 {
		return caller
	}
	return other(caller)
}

func other(who insights.Speaker) insights.Speaker {
	if who == insights.Customer {
		return insights.Agent
	}
	return insights.Customer
}
