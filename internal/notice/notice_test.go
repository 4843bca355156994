package notice_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"heed/fixtures"
	"heed/internal/consent"
	"heed/internal/notice"
	"heed/internal/strict"
)

func TestTheShippedNotice(t *testing.T) {
	t.Parallel()
	n, err := notice.Load(fixtures.Consent())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range consent.Purposes() {
		if n.Of(p).Title == string(p) {
			t.Errorf("%s has no title", p)
		}
		if p == consent.Service {
			continue
		}
		got, ok := n.For(p, "email", "de-AT")
		if !ok || got.Language != "de" || got.Hash != notice.HashOf(got.Text) {
			t.Errorf("%s: %+v", p, got)
		}
		again, ok := n.Wording(got.ID, got.Version, got.Language)
		if !ok || again != got {
			t.Errorf("%s: %+v by its id", p, again)
		}
	}
	if got, _ := n.For(consent.Marketing, "email", "fi"); got.Language != "en" || got.ID != "marketing.email" {
		t.Errorf("a language that is not there: %+v", got)
	}
}

const head = "version: 1\ncontroller: {name: A, contact: b}\n"

func TestNoticesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no controller":    "version: 1\n",
		"another version":  "version: 2\n",
		"unknown purpose":  head + "purposes: [{purpose: fun, title: x}]\n",
		"no text":          head + "wordings: [{id: a, purpose: marketing, version: 1, texts: {}}]\n",
		"unknown channel":  head + "wordings: [{id: a, purpose: marketing, channel: pigeon, version: 1, texts: {en: x}}]\n",
		"a text rewritten": head + "wordings: [{id: a, purpose: marketing, version: 1, texts: {en: x}}, {id: a, purpose: marketing, version: 1, texts: {en: y}}]\n",
	} {
		_, err := notice.Load(fstest.MapFS{"n.yaml": {Data: []byte(text)}})
		if _, ok := errors.AsType[*strict.Problem](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheLatestVersionIsAsked(t *testing.T) {
	t.Parallel()
	n, err := notice.Load(fstest.MapFS{"n.yaml": {Data: []byte(head + "wordings: [{id: a, purpose: marketing, version: 2, texts: {en: y}}, {id: a, purpose: marketing, version: 1, texts: {en: x}}]\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := n.Wording("a", 0, "en"); got.Text != "y" {
		t.Errorf("latest: %+v", got)
	}
	if got, _ := n.Wording("a", 1, "en"); got.Text != "x" {
		t.Errorf("the first: %+v", got)
	}
	if _, ok := n.Wording("b", 0, "en"); ok {
		t.Error("a text that is not there")
	}
}
