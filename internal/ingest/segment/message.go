package segment

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// message is one call of the API, checked.
type message struct {
	index              int // in its batch
	kind               string
	id                 string // messageId
	user, anonymous    string
	group, previous    string
	name, category     string // of the event, the page or the screen
	properties, traits map[string]any
	context            about
	received, at       time.Time // by our clock
	unknown            int       // fields that nobody knows
}

// about is what is read of the context.
type about struct {
	page                 page
	locale, zone, device string
	library              string
	traits               map[string]any
	consent              map[string]bool
}

type page struct{ path, url, title, referrer string }

// envelope is what a request says for all its messages.
type envelope struct {
	received time.Time
	sent     time.Time // by the sender's clock; zero when it did not say
	context  json.RawMessage
}

// parseBatch takes a batch apart.
func parseBatch(raw []byte, received time.Time) (envelope, []json.RawMessage, *bad) {
	env := envelope{received: received}
	f, err := parseObject(raw, "body")
	if err != nil {
		return env, nil, err
	}
	if env.sent, err = f.moment("sentAt"); err != nil {
		return env, nil, err
	}
	if f.has("context") {
		env.context = f["context"]
	}
	var parts []json.RawMessage
	if !f.has("batch") || json.Unmarshal(f["batch"], &parts) != nil {
		return env, nil, &bad{"batch", "must be a list of messages"}
	}
	if len(parts) == 0 {
		return env, nil, &bad{"batch", "is empty"}
	}
	return env, parts, nil
}

// messageIDOf gives the id of a message that is refused, when it has a sound one.
func messageIDOf(raw []byte) string {
	f, err := parseObject(raw, "message")
	if err != nil {
		return ""
	}
	id, err := f.text("messageId", 100)
	if err != nil {
		return ""
	}
	return id
}

// known are the fields that the API has; others are passed over and counted.
var known = []string{
	"type", "messageId", "userId", "anonymousId", "event", "name", "category", "properties", "traits", "groupId", "previousId",
	"context", "integrations", "timestamp", "originalTimestamp", "sentAt", "receivedAt", "version", "channel", "writeKey",
	"_metadata", "projectId",
}

// kinds are the calls of the API.
var kinds = []string{"identify", "track", "page", "screen", "group", "alias"}

// parseMessage checks one message. Kind is that of the route; in a batch it is
// empty and the message says it.
func parseMessage(raw []byte, kind string, env envelope) (message, *bad) {
	if len(raw) > MaxMessage {
		return message{}, &bad{"message", fmt.Sprintf("is larger than %d KB", MaxMessage>>10)}
	}
	f, err := parseObject(raw, "message")
	if err != nil {
		return message{}, err
	}
	m := message{kind: kind, received: env.received}
	for name := range f {
		if !slices.Contains(known, name) {
			m.unknown++
		}
	}
	for _, step := range []func(fields) *bad{
		m.readKind, m.readIDs, m.readNames, m.readBags,
		func(f fields) *bad { return m.readContext(f, env) },
		func(f fields) *bad { return m.readTime(f, env) },
	} {
		if err := step(f); err != nil {
			return message{}, err
		}
	}
	return m, nil
}

func (m *message) readKind(f fields) *bad {
	said, err := f.text("type", 20)
	switch {
	case err != nil:
		return err
	case said == "" && m.kind == "":
		return &bad{"type", "is missing"}
	case said == "":
		return nil
	case !slices.Contains(kinds, said):
		return &bad{"type", "is not identify, track, page, screen, group or alias"}
	case m.kind != "" && m.kind != said:
		return &bad{"type", "is not that of the route"}
	}
	m.kind = said
	return nil
}

// into says where a text goes.
type into struct {
	name string
	to   *string
}

// ids reads texts that name somebody or something.
func (f fields) ids(list ...into) (err *bad) {
	for _, t := range list {
		if *t.to, err = f.id(t.name); err != nil {
			return err
		}
	}
	return nil
}

func (m *message) readIDs(f fields) *bad {
	err := f.ids(into{"userId", &m.user}, into{"anonymousId", &m.anonymous}, into{"groupId", &m.group}, into{"previousId", &m.previous})
	if err != nil {
		return err
	}
	if m.id, err = f.text("messageId", 100); err != nil {
		return err
	}
	switch {
	case m.kind == "alias" && m.user == "":
		return &bad{"userId", "is missing"}
	case m.kind == "alias" && m.previous == "":
		return &bad{"previousId", "is missing"}
	case m.kind == "group" && m.group == "":
		return &bad{"groupId", "is missing"}
	case m.user == "" && m.anonymous == "":
		return &bad{"userId", "is missing, and anonymousId is too"}
	}
	return nil
}

func (m *message) readNames(f fields) *bad {
	event := ""
	err := f.ids(into{"event", &event}, into{"name", &m.name}, into{"category", &m.category})
	if err != nil {
		return err
	}
	if m.kind == "track" {
		if m.name = event; event == "" {
			return &bad{"event", "is missing"}
		}
	}
	return nil
}

func (m *message) readBags(f fields) (err *bad) {
	if m.properties, err = f.object("properties"); err != nil {
		return err
	}
	if m.traits, err = f.object("traits"); err != nil {
		return err
	}
	return checkTraits(m.traits, "traits.")
}

// checkTraits checks those that name the person: they must be text.
func checkTraits(traits map[string]any, path string) *bad {
	for _, name := range []string{"email", "phone", "name", "firstName", "lastName"} {
		v, ok := traits[name]
		if !ok || v == nil {
			continue
		}
		s, ok := v.(string)
		if !ok {
			return &bad{path + name, "must be text"}
		}
		if err := checkText(s, path+name, 320); err != nil {
			return err
		}
	}
	return nil
}

// readTime takes the moment by our clock: how far the sender's is off is told
// by when it sent the message. A message without a time happened now, and so
// did one that would happen in the future.
func (m *message) readTime(f fields, env envelope) *bad {
	said, err := f.moment("timestamp")
	if err == nil && said.IsZero() {
		said, err = f.moment("originalTimestamp")
	}
	if err != nil {
		return err
	}
	sent, err := f.moment("sentAt")
	if err != nil {
		return err
	}
	if sent.IsZero() {
		sent = env.sent
	}
	m.at = said
	switch {
	case said.IsZero():
		m.at = env.received
		return nil
	case !sent.IsZero():
		m.at = said.Add(env.received.Sub(sent))
	}
	if m.at.After(env.received) {
		m.at = env.received
	}
	if m.at.Before(time.Unix(0, 0)) {
		return &bad{"timestamp", "is before 1970 by our clock; is sentAt right?"}
	}
	return nil
}
