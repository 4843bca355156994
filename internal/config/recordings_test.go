package config

import (
	"strings"
	"testing"
)

func TestRecordingsAreChecked(t *testing.T) {
	for _, c := range []struct {
		change func(*Recordings)
		wrong  string // empty: nothing is
	}{
		{func(*Recordings) {}, ""},
		{func(r *Recordings) { r.Hosts = []string{"twilio=media.example.com", "callrail=.example.com"} }, ""},
		{func(r *Recordings) { r.Hosts = []string{"media.example.com"} }, "recordings-hosts"},
		{func(r *Recordings) { r.Hosts = []string{"twilio=https://media.example.com"} }, "recordings-hosts"},
		{func(r *Recordings) { r.Hosts = []string{"twilio=."} }, "recordings-hosts"},
		{func(r *Recordings) { r.Hosts = []string{"twilio=*"} }, "recordings-hosts"},
		{func(r *Recordings) { r.Largest = 0 }, "recordings-largest"},
		{func(r *Recordings) { r.Together = -1 }, "recordings-together"},
		{func(r *Recordings) { r.Credentials, r.CredentialsFile = []string{"x"}, "y" }, "not both"},
	} {
		r := Recordings{Largest: 10}
		c.change(&r)
		var said []string
		r.validate(func(name string, err error) { said = append(said, name+": "+err.Error()) })
		if got := strings.Join(said, "; "); (got == "") != (c.wrong == "") || !strings.Contains(got, c.wrong) {
			t.Errorf("%+v: %q, want %q", r, got, c.wrong)
		}
	}
	if !secret("recordings-credentials") {
		t.Error("credentials would be shown")
	}
}
