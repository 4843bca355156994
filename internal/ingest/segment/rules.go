package segment

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"heed/internal/consent"
)

// Rules are what an operator adds to the built-in meanings. The zero value
// adds nothing.
type Rules struct {
	// Events says which facts follow from an event, by its name in lower case.
	Events map[string][]string
	// Pages says which fact follows from looking at a page, the first that
	// matches its path.
	Pages []PageRule
	// Consent says which cells of the ledger a category speaks for.
	Consent map[string][]consent.Cell
}

// PageRule makes a fact of a look at a page.
type PageRule struct {
	path *regexp.Regexp
	fact string
}

// ParseRules reads rules as they stand in the configuration: events as
// "Demo Booked=demo.booked", pages as "/account/cancel*=page.cancel" (a star
// is any text, also with slashes), and consent as "Advertising=marketing" or
// "Newsletter=marketing/email" with the purpose and, at wish, the channel.
func ParseRules(events, pages, categories []string) (*Rules, error) {
	r := &Rules{Events: map[string][]string{}, Consent: map[string][]consent.Cell{}}
	var errs []error
	each := func(what string, list []string, take func(name, means string) error) {
		for _, item := range list {
			at := strings.LastIndex(item, "=")
			if at < 1 || at == len(item)-1 {
				errs = append(errs, fmt.Errorf("%s: %q is not NAME=MEANING", what, item))
				continue
			}
			if err := take(strings.TrimSpace(item[:at]), strings.TrimSpace(item[at+1:])); err != nil {
				errs = append(errs, fmt.Errorf("%s: %q: %w", what, item, err))
			}
		}
	}
	each("segment-events", events, func(name, fact string) error {
		if !isFact(fact) {
			return errNoFact
		}
		key := strings.ToLower(name)
		r.Events[key] = append(r.Events[key], fact)
		return nil
	})
	each("segment-pages", pages, func(glob, fact string) error {
		if !isFact(fact) {
			return errNoFact
		}
		path, err := regexp.Compile("^" + strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, ".*") + "$")
		r.Pages = append(r.Pages, PageRule{path, fact})
		return err
	})
	each("segment-consent", categories, func(category, cell string) error {
		purpose, channel, _ := strings.Cut(cell, "/")
		if !slices.Contains(purposes(), consent.Purpose(purpose)) {
			return fmt.Errorf("%q is not one of %v", purpose, purposes())
		}
		if channel != "" && !slices.Contains(channels, channel) {
			return fmt.Errorf("%q is not one of %v", channel, channels)
		}
		r.Consent[category] = append(r.Consent[category], consent.Cell{Purpose: consent.Purpose(purpose), Channel: channel})
		return nil
	})
	return r, errors.Join(errs...)
}

var errNoFact = errors.New("what follows must be a fact such as page.cancel")

func purposes() []consent.Purpose {
	return []consent.Purpose{consent.Service, consent.Marketing, consent.Profiling, consent.Research}
}

var channels = []string{"agent", "email", "sms", "call", "web", "push"}

// page gives the fact that a look at a page is, if any.
func (r *Rules) page(p page) (fact string, ok bool) {
	path := p.path
	if path == "" {
		u, err := url.Parse(p.url)
		if err != nil {
			return "", false
		}
		path = u.Path
	}
	for i := range r.Pages {
		if r.Pages[i].path.MatchString(path) {
			return r.Pages[i].fact, true
		}
	}
	return "", false
}
