package consent

import "time"

// Now answers a cell from everything the ledger holds, for the moment at.
//
// Which row decides:
//  1. A row speaks to the cell when its purpose is the same and each of its
//     channel, topic and address is empty (any) or the same.
//  2. Within one cell the latest row by At counts; recorded later breaks a
//     tie; after that the more restrictive.
//  3. Between cells the most specific counts (most of channel, topic and
//     address given); the later, then the more restrictive, breaks a tie.
//  4. But a row that closes and happened at the same time or later than the
//     row that opens wins however general it is: "stop all marketing" closes
//     the e-mail that was allowed before.
//  5. A grant past its expiry is [Expired]. A refusal past its expiry was a
//     pause: the rows before it decide again.
//  6. A row that says unknown or expired is nobody's act: it closes a grant
//     and never lifts a refusal.
//  7. A provisional row closes as any other and never opens. A row that was
//     lifted does not count, from the moment on at which that is known.
//  8. Of joined ledgers each answers alone, and the most restrictive of those
//     that hold anything on the cell counts; see [Joined].
//  9. While [Processing] is refused, its row answers for what sells, profiles,
//     studies or shares, unless that was refused itself; see [Said].
//
// Nothing recorded is [Unknown], and only [Granted] opens.
func Now(rows []Row, c Cell, at time.Time) Answer {
	return restrict(c, func(c Cell) Answer { return Said(rows, c, at) })
}

// Said is [Now] without the ninth rule: what the person said of the cell
// itself, which holds again when a restriction is lifted.
func Said(rows []Row, c Cell, at time.Time) Answer { return answer(rows, c, at, time.Time{}) }

// restrict asks for a cell, and for the restriction that stands above it.
func restrict(c Cell, ask func(Cell) Answer) Answer {
	a := ask(c)
	if a.Denies() || !restrictable(c.Purpose) {
		return a
	}
	if use := ask(Cell{Purpose: Processing}); use.Denies() {
		return use
	}
	return a
}

// restrictable says whether a purpose rests while the use of data is refused.
// Serving somebody goes on, their calls and acts are kept as they allow.
func restrictable(p Purpose) bool {
	return p == Marketing || p == Profiling || p == Research || p == Sale
}

// AsOf answers what was true at the moment valid, as far as the ledger knew at
// the moment known. Asking with both set to a past moment tells whether a
// message of that moment was sent in good faith, see [KnownAt]; with known set
// to now, whether it was allowed in truth.
func AsOf(rows []Row, c Cell, valid, known time.Time) Answer {
	if known.IsZero() {
		return Answer{State: Unknown}
	}
	return restrict(c, func(c Cell) Answer { return answer(rows, c, valid, known) })
}

// KnownAt answers what we held to be true of a moment at that moment.
func KnownAt(rows []Row, c Cell, at time.Time) Answer { return AsOf(rows, c, at, at) }

// History gives the rows that speak to a cell, in the order of the ledger.
func History(rows []Row, c Cell) []Row {
	var out []Row
	for i := range rows {
		if _, speaks := place(&rows[i], c); speaks {
			out = append(out, rows[i])
		}
	}
	return out
}

// Denies says whether an answer is a person's no. It is the question for what
// needs no consent, such as serving one's own customer on the phone.
func (a Answer) Denies() bool { return a.State == Denied || a.State == Withdrawn }

// slots is one place for each way of being specific: channel, topic and
// address given or any.
type slots [8]*Row

func answer(rows []Row, c Cell, valid, known time.Time) Answer {
	lifted := liftedBy(rows, known)
	var chains []slotPair
	for i := range rows {
		r := &rows[i]
		at, speaks := place(r, c)
		if !speaks || !counts(r, valid, known) || lifted[r.ID] {
			continue
		}
		for len(chains) <= r.Member {
			chains = append(chains, slotPair{})
		}
		chains[r.Member].take(at, r)
	}
	return strictest(chains, valid)
}

// slotPair keeps what people did and what merely lapsed or was reset apart, so
// that the order of the rows never matters.
type slotPair struct{ acts, rest slots }

func (p *slotPair) take(at int, r *Row) {
	if acted(r.State) {
		p.acts.take(at, r)
	} else {
		p.rest.take(at, r)
	}
}

func (p *slotPair) answer(valid time.Time) Answer {
	acts := p.acts
	for i, act := range acts {
		if reset := p.rest[i]; reset != nil && (act == nil || (act.State == Granted && beats(reset, act))) {
			acts[i] = reset
		}
	}
	return acts.decide(valid)
}

// strictest joins the answers of ledgers that hold anything on the cell.
func strictest(chains []slotPair, valid time.Time) Answer {
	var out Answer
	for i := range chains {
		a := chains[i].answer(valid)
		if a.Row != nil && (out.Row == nil || strictness(a.State) > strictness(out.State)) {
			out = a
		}
	}
	if out.Row == nil {
		return Answer{State: Unknown}
	}
	return out
}

// liftedBy gives the ids of the rows that were known to be mistakes.
func liftedBy(rows []Row, known time.Time) map[string]bool {
	var out map[string]bool
	for i := range rows {
		r := &rows[i]
		if r.Lifts == "" || (!known.IsZero() && r.RecordedAt.After(known)) {
			continue
		}
		if out == nil {
			out = make(map[string]bool)
		}
		out[r.Lifts] = true
	}
	return out
}

// counts says whether a row had happened, was known, had not lapsed and may
// have a say.
func counts(r *Row, valid, known time.Time) bool {
	if r.At.After(valid) || (closes(r.State) && lapsed(r, valid)) {
		return false
	}
	if r.Lifts != "" || (r.Provisional && !closes(r.State)) {
		return false
	}
	return known.IsZero() || !r.RecordedAt.After(known)
}

// take keeps the row that stands for a cell.
func (s *slots) take(at int, r *Row) {
	if s[at] == nil || beats(r, s[at]) {
		s[at] = r
	}
}

// decide picks between the cells.
func (s *slots) decide(valid time.Time) Answer {
	best, no := s.narrowest(), s.latestNo()
	if best == nil {
		return Answer{State: Unknown}
	}
	if best.State == Granted && no != nil && !no.At.Before(best.At) {
		best = no
	}
	return Answer{State: stateOf(best, valid), Row: best}
}

// narrowest gives the row of the most specific cell.
func (s *slots) narrowest() *Row {
	var best *Row
	depth := -1
	for i, r := range s {
		d := i&1 + i>>1&1 + i>>2&1
		if r != nil && (d > depth || (d == depth && beats(r, best))) {
			best, depth = r, d
		}
	}
	return best
}

// latestNo gives the latest row that closes.
func (s *slots) latestNo() *Row {
	var last *Row
	for _, r := range s {
		if r != nil && closes(r.State) && (last == nil || beats(r, last)) {
			last = r
		}
	}
	return last
}

// place tells whether a row speaks to a cell, and how specific it is.
func place(r *Row, c Cell) (int, bool) {
	if r.Purpose != c.Purpose {
		return 0, false
	}
	at := 0
	for i, pair := range [3][2]string{{r.Channel, c.Channel}, {r.Topic, c.Topic}, {r.Address, c.Address}} {
		switch pair[0] {
		case "":
		case pair[1]:
			at |= 1 << i
		default:
			return 0, false
		}
	}
	return at, true
}

// beats says whether a is the later row, or as late and more restrictive. It
// is a total order as far as the answer goes, so the order of rows is not.
func beats(a, b *Row) bool {
	if c := a.At.Compare(b.At); c != 0 {
		return c > 0
	}
	if c := a.RecordedAt.Compare(b.RecordedAt); c != 0 {
		return c > 0
	}
	if c := strictness(a.State) - strictness(b.State); c != 0 {
		return c > 0
	}
	return !a.Expires.IsZero() && (b.Expires.IsZero() || a.Expires.Before(b.Expires))
}

func stateOf(r *Row, valid time.Time) State {
	switch {
	case r.State == Granted && lapsed(r, valid):
		return Expired
	case r.State == Granted, r.State == Denied, r.State == Withdrawn, r.State == Expired:
		return r.State
	default:
		return Unknown
	}
}

func lapsed(r *Row, at time.Time) bool { return !r.Expires.IsZero() && !r.Expires.After(at) }

// closes says whether a state is a person's no.
func closes(s State) bool { return s == Denied || s == Withdrawn }

// acted says whether a state is a person's act at all.
func acted(s State) bool { return closes(s) || s == Granted }

func strictness(s State) int {
	switch s {
	case Granted:
		return 0
	case Unknown:
		return 1
	case Expired:
		return 2
	case Denied:
		return 3
	case Withdrawn:
		return 4
	default:
		return 1
	}
}
