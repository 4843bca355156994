package segment

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
)

const (
	maxTraits  = 64
	longTrait  = 1024
	maxProduct = 20 // products of an order that are looked at
)

// said and seen are how a trait is known: that the company's own system calls
// its user so, or that it stood in the context of a message.
func said() customer.Trait { return customer.Trait{Kind: customer.Verified, Confidence: 0.9} }
func seen() customer.Trait { return customer.Trait{Kind: customer.Observed, Confidence: 0.7} }

// of gives a trait that is known in the same way.
func of(how customer.Trait, name string, value any) customer.Trait {
	how.Name, how.Value = name, value
	return how
}

// understand turns a message into what the brain takes. It is pure.
func (r *Rules) understand(m *message, source string) brain.Received {
	out := brain.Received{
		Identifiers: m.identifiers(), Source: source, At: m.at,
		Said: brain.Said{Kind: m.kind, Name: m.name, MessageID: m.id, Properties: m.bag(), Context: m.context.kept()},
	}
	if m.id != "" {
		out.ID = brain.MessageID(m.id)
	}
	for _, name := range r.facts(m) {
		out.Facts = append(out.Facts, customer.Fact{Name: name, Props: props(name, m.properties)})
		if channel, stop := stops[name]; stop {
			out.Wishes = append(out.Wishes, brain.Wish{
				Cell: consent.Cell{Purpose: consent.Marketing, Channel: channel}, Evidence: "event " + m.name + " of message " + m.id,
			})
		}
	}
	out.Traits = m.known()
	out.Answers = m.answersOf()
	out.Wishes = append(out.Wishes, r.wishes(m)...)
	return out
}

// facts gives the facts that follow from a message.
func (r *Rules) facts(m *message) []string {
	switch m.kind {
	case "track":
		facts, _ := r.meaning(m.name)
		return facts
	case "page":
		if fact, ok := r.page(m.looked()); ok {
			return []string{fact}
		}
	}
	return nil
}

// looked gives the page of a page call: its properties say it, else the context.
func (m *message) looked() page {
	text := func(name string) string { s, _ := m.properties[name].(string); return s }
	p := page{path: text("path"), url: text("url")}
	if p.path == "" && p.url == "" {
		return m.context.page
	}
	return p
}

// bag is what the message carries, for the timeline.
func (m *message) bag() map[string]any {
	switch m.kind {
	case "identify":
		return m.traits
	case "group":
		return with(m.traits, "groupId", m.group)
	case "page", "screen":
		if m.category != "" {
			return with(m.properties, "category", m.category)
		}
	}
	return m.properties
}

func with(bag map[string]any, name string, value any) map[string]any {
	out := maps.Clone(bag)
	if out == nil {
		out = map[string]any{}
	}
	out[name] = value
	return out
}

// kept is what of the context goes into the timeline: where somebody was, not
// from which machine.
func (a *about) kept() map[string]any {
	out := map[string]any{}
	for name, v := range map[string]string{
		"path": a.page.path, "title": a.page.title, "referrer": a.page.referrer,
		"locale": a.locale, "timezone": a.zone, "library": a.library,
	} {
		if v != "" {
			out[name] = v
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// identifiers gives what names the person, the surest first.
func (m *message) identifiers() []customer.Identifier {
	var out []customer.Identifier
	add := func(kind, value string) {
		value = strings.TrimSpace(value)
		if value != "" && !slices.ContainsFunc(out, func(i customer.Identifier) bool { return i.Type == kind && i.Value == value }) {
			out = append(out, customer.Identifier{Type: kind, Value: value})
		}
	}
	add("user_id", m.user)
	if m.kind != "group" { // a group's address is not the person's
		add("email", m.address("email"))
		add("phone", m.address("phone"))
	}
	add("anonymous_id", m.anonymous)
	if m.kind == "alias" { // what was known of a visitor becomes the user's
		add("anonymous_id", m.previous)
	}
	add("device", m.context.device)
	return out
}

// address gives an e-mail address or a number from the traits.
func (m *message) address(name string) string {
	s, _ := m.traits[name].(string)
	t, _ := m.context.traits[name].(string)
	return cmp.Or(s, t)
}

// known gives the traits that a message tells.
func (m *message) known() []customer.Trait {
	var out []customer.Trait
	switch m.kind {
	case "identify":
		out = append(flat("", m.traits, said()), m.named()...)
	case "group":
		out = append(flat("group.", m.traits, said()), of(said(), "group.id", m.group))
	}
	if len(m.context.traits) > 0 {
		out = append(out, flat("", m.context.traits, seen())...)
	}
	for _, t := range []customer.Trait{of(seen(), "time_zone", m.context.zone), of(seen(), "language", m.context.locale)} {
		if t.Value != "" && m.kind == "identify" {
			out = append(out, t)
		}
	}
	seen := make(map[string]bool, len(out))
	return slices.DeleteFunc(out, func(t customer.Trait) bool {
		again := seen[t.Name] || len(seen) >= maxTraits
		seen[t.Name] = true
		return again
	})
}

// named puts the parts of a name together when the whole is not given.
func (m *message) named() []customer.Trait {
	text := func(name string) string { s, _ := m.traits[name].(string); return strings.TrimSpace(s) }
	whole := strings.TrimSpace(text("firstName") + " " + text("lastName"))
	if text("name") != "" || whole == "" {
		return nil
	}
	return []customer.Trait{of(said(), "name", whole)}
}

// flat gives the texts, numbers and yes-or-nos among traits in order of their
// names, one level of objects opened: address.city. Identifiers are no traits.
func flat(prefix string, traits map[string]any, how customer.Trait) []customer.Trait {
	var out []customer.Trait
	for _, name := range slices.Sorted(maps.Keys(traits)) {
		key := prefix + snake(name)
		switch v := traits[name].(type) {
		case map[string]any:
			if !strings.Contains(key, ".") {
				out = append(out, flat(key+".", v, how)...)
			}
		case string:
			if key != "email" && key != "phone" && v != "" && len(v) <= longTrait {
				out = append(out, of(how, key, v))
			}
		case float64, bool:
			out = append(out, of(how, key, v))
		}
	}
	return out
}

// snake writes a name as policies do: createdAt is created_at.
func snake(name string) string {
	var b strings.Builder
	before := ' '
	for _, c := range name {
		switch {
		case unicode.IsUpper(c):
			if unicode.IsLower(before) || unicode.IsDigit(before) {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(c))
		case c == ' ' || c == '-' || c == '.':
			b.WriteByte('_')
		default:
			b.WriteRune(c)
		}
		before = c
	}
	return b.String()
}

// wishes gives what the person chose, by the categories that rules know.
func (r *Rules) wishes(m *message) []brain.Wish {
	var out []brain.Wish
	for _, category := range slices.Sorted(maps.Keys(m.context.consent)) {
		for _, cell := range r.Consent[category] {
			out = append(out, brain.Wish{
				Cell: cell, Granted: m.context.consent[category],
				Evidence: "consent category " + category + " of message " + m.id,
			})
		}
	}
	return out
}
