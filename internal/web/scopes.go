package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
)

const (
	scopeKey = "scope"
	shownKey = "shown"
)

// part is what the operations of one part of the API need, those that read and
// those that change something.
type part struct{ read, write mount.Scope }

// parts gives the scopes by the first word of a path. This is the one place
// where they are stated; an operation of a part that is not here is for no key
// that has scopes, and a test fails.
var parts = map[string]part{
	"calls":         {mount.CallsRead, mount.CallsWrite},
	"corrections":   {mount.CallsRead, mount.CallsWrite},
	"live":          {mount.CallsRead, mount.CallsWrite},
	"softphone":     {"", mount.CallsIngest},
	"demo":          {"", mount.CallsIngest},
	"recordings":    {mount.CallsRead, mount.CallsIngest},
	"ingest":        {mount.CallsIngest, mount.CallsIngest},
	"whip":          {mount.CallsIngest, mount.CallsIngest},
	"events":        {mount.CallsRead, mount.EventsWrite},
	"sources":       {mount.EventsWrite, mount.EventsWrite},
	"identify":      {"", mount.EventsWrite},
	"track":         {"", mount.EventsWrite},
	"page":          {"", mount.EventsWrite},
	"screen":        {"", mount.EventsWrite},
	"group":         {"", mount.EventsWrite},
	"alias":         {"", mount.EventsWrite},
	"batch":         {"", mount.EventsWrite},
	"import":        {"", mount.EventsWrite},
	"search":        {mount.SearchRead, mount.SearchRead},
	"searches":      {mount.SearchRead, mount.SearchWrite},
	"subscriptions": {mount.SearchRead, mount.SearchWrite},
	"alerts":        {mount.SearchRead, mount.SearchWrite},
	"themes":        {mount.AnalysisRead, mount.AnalysisWrite},
	"team":          {mount.AnalysisRead, ""},
	"muted":         {mount.AnalysisRead, ""},
	"counters":      {mount.AnalysisRead, ""},
	"tracking":      {mount.AnalysisRead, ""},
	"attribution":   {mount.AnalysisRead, ""},
	"conversions":   {mount.AnalysisRead, ""},
	"spend":         {mount.AnalysisRead, mount.AnalysisWrite},
	"customers":     {mount.CustomersRead, mount.CustomersWrite},
	"merges":        {mount.CustomersRead, mount.CustomersWrite},
	"reviews":       {mount.CustomersRead, mount.CustomersWrite},
	"erasures":      {mount.CustomersRead, mount.CustomersWrite},
	"suppressions":  {mount.CustomersRead, mount.CustomersWrite},
	"consent":       {mount.ConsentRead, mount.ConsentWrite},
	"law":           {mount.ConsentRead, ""},
	"do-not-call":   {mount.ConsentRead, mount.ConsentWrite},
	"gate":          {"", mount.DecisionsRead},
	"decisions":     {mount.DecisionsRead, mount.DecisionsWrite},
	"outcomes":      {"", mount.DecisionsWrite},
	"contests":      {mount.DecisionsRead, mount.DecisionsWrite},
	"slots":         {mount.DecisionsRead, mount.DecisionsWrite},
	"actions":       {mount.DecisionsRead, mount.DecisionsWrite},
	"catalogue":     {mount.DecisionsRead, mount.DecisionsWrite},
	"policies":      {mount.DecisionsRead, mount.DecisionsRead},
	"levers":        {mount.DecisionsRead, ""},
	"rankings":      {"", mount.DecisionsRead},
	"experiments":   {mount.DecisionsRead, mount.DecisionsWrite},
	"simulations":   {mount.DecisionsRead, mount.DecisionsWrite},
	"audit":         {mount.AuditRead, ""},
	"keys":          {mount.Administer, mount.Administer},
	"links":         {"", mount.Unscoped},
	"users":         {mount.Administer, mount.Administer},
	"platforms":     {mount.Administer, mount.Administer},
	"engines":       {mount.Administer, mount.Administer},
	"retention":     {mount.Administer, mount.Administer},
	"reanalyze":     {mount.Administer, mount.Administer},
	"me":            {mount.AnyScope, mount.AnyScope},
	"session":       {mount.AnyScope, mount.AnyScope},
	"oidc":          {mount.AnyScope, mount.AnyScope},
	"status":        {mount.AnyScope, ""},
}

// scopeOf gives the scope of a route, or none.
func scopeOf(method, path string) mount.Scope {
	words := strings.Split(path, "/")
	// What is of a person's consent is no matter of who may change the person.
	if len(words) > 4 && words[2] == "customers" && words[4] == "consent" {
		words = words[2:]
	}
	if words[2] == "users" && words[len(words)-1] == "link" { // it opens all that the user may
		return mount.Unscoped
	}
	p := parts[words[2]]
	if method == http.MethodGet {
		return p.read
	}
	return p.write
}

// operations gives those of a path.
func operations(of *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{of.Get, of.Post, of.Put, of.Patch, of.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

// describe says in the API's own description which scope each operation needs,
// and as what its reading is noted. It comes after the last was registered.
func describe(api *huma.OpenAPI) {
	for _, path := range api.Paths {
		for _, op := range operations(path) {
			if op.Metadata[scopeKey] == nil {
				continue
			}
			scope, _ := op.Metadata[scopeKey].(mount.Scope)
			if scope == "" {
				continue
			}
			op.Extensions = map[string]any{"x-heed-scope": string(scope)}
			if of, _ := op.Metadata[shownKey].(shown); of.kind != "" {
				op.Extensions["x-heed-noted"] = of.kind
			}
			if how, _ := op.Metadata[mount.RepeatKey].(mount.Repeat); how != "" {
				op.Extensions["x-heed-repeat"] = string(how)
			}
			switch scope {
			case mount.AnyScope:
			case mount.Unscoped:
				op.Description = strings.TrimSpace(op.Description + "\n\nA key that has scopes may not do this.")
			default:
				op.Description = strings.TrimSpace(op.Description + "\n\nA key that has scopes needs " + string(scope) + ".")
			}
		}
	}
}
