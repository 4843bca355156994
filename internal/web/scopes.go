package web

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/roles"
)

const scopeKey = "scope"

// part is what the operations of one part of the API need, those that read and
// those that change something.
type part struct{ read, write roles.Scope }

// parts gives the scopes by the first word of a path. This is the one place
// where they are stated; an operation of a part that is not here is for no key
// that has scopes, and a test fails.
var parts = map[string]part{
	"calls":         {roles.CallsRead, roles.CallsWrite},
	"corrections":   {roles.CallsRead, roles.CallsWrite},
	"live":          {roles.CallsRead, roles.CallsWrite},
	"softphone":     {"", roles.CallsIngest},
	"demo":          {"", roles.CallsIngest},
	"recordings":    {roles.CallsRead, roles.CallsIngest},
	"ingest":        {roles.CallsIngest, roles.CallsIngest},
	"whip":          {roles.CallsIngest, roles.CallsIngest},
	"events":        {roles.CallsRead, roles.EventsWrite},
	"sources":       {roles.EventsWrite, roles.EventsWrite},
	"identify":      {"", roles.EventsWrite},
	"track":         {"", roles.EventsWrite},
	"page":          {"", roles.EventsWrite},
	"screen":        {"", roles.EventsWrite},
	"group":         {"", roles.EventsWrite},
	"alias":         {"", roles.EventsWrite},
	"batch":         {"", roles.EventsWrite},
	"import":        {"", roles.EventsWrite},
	"search":        {roles.SearchRead, roles.SearchRead},
	"searches":      {roles.SearchRead, roles.SearchWrite},
	"subscriptions": {roles.SearchRead, roles.SearchWrite},
	"alerts":        {roles.SearchRead, roles.SearchWrite},
	"themes":        {roles.AnalysisRead, roles.AnalysisWrite},
	"team":          {roles.AnalysisRead, ""},
	"muted":         {roles.AnalysisRead, ""},
	"counters":      {roles.AnalysisRead, ""},
	"tracking":      {roles.AnalysisRead, ""},
	"attribution":   {roles.AnalysisRead, ""},
	"conversions":   {roles.AnalysisRead, ""},
	"spend":         {roles.AnalysisRead, roles.AnalysisWrite},
	"customers":     {roles.CustomersRead, roles.CustomersWrite},
	"merges":        {roles.CustomersRead, roles.CustomersWrite},
	"reviews":       {roles.CustomersRead, roles.CustomersWrite},
	"erasures":      {roles.CustomersRead, roles.CustomersWrite},
	"suppressions":  {roles.CustomersRead, roles.CustomersWrite},
	"consent":       {roles.ConsentRead, roles.ConsentWrite},
	"law":           {roles.ConsentRead, ""},
	"do-not-call":   {roles.ConsentRead, roles.ConsentWrite},
	"gate":          {"", roles.DecisionsRead},
	"decisions":     {roles.DecisionsRead, roles.DecisionsWrite},
	"outcomes":      {"", roles.DecisionsWrite},
	"contests":      {roles.DecisionsRead, roles.DecisionsWrite},
	"slots":         {roles.DecisionsRead, roles.DecisionsWrite},
	"actions":       {roles.DecisionsRead, roles.DecisionsWrite},
	"catalogue":     {roles.DecisionsRead, roles.DecisionsWrite},
	"policies":      {roles.DecisionsRead, roles.DecisionsRead},
	"levers":        {roles.DecisionsRead, ""},
	"rankings":      {"", roles.DecisionsRead},
	"experiments":   {roles.DecisionsRead, roles.DecisionsWrite},
	"simulations":   {roles.DecisionsRead, roles.DecisionsWrite},
	"audit":         {roles.AuditRead, ""},
	"keys":          {roles.Administer, roles.Administer},
	"links":         {roles.Administer, roles.Administer},
	"users":         {roles.Administer, roles.Administer},
	"platforms":     {roles.Administer, roles.Administer},
	"engines":       {roles.Administer, roles.Administer},
	"retention":     {roles.Administer, roles.Administer},
	"reanalyze":     {roles.Administer, roles.Administer},
	"me":            {roles.AnyScope, roles.AnyScope},
	"session":       {roles.AnyScope, roles.AnyScope},
	"oidc":          {roles.AnyScope, roles.AnyScope},
	"status":        {roles.AnyScope, ""},
}

// scopeOf gives the scope of a route, or none.
func scopeOf(method, path string) roles.Scope {
	words := strings.Split(path, "/")
	// What is of a person's consent is no matter of who may change the person.
	if len(words) > 4 && words[2] == "customers" && words[4] == "consent" {
		words = words[2:]
	}
	p := parts[words[2]]
	if method == http.MethodGet {
		return p.read
	}
	return p.write
}

// describeScopes says in the API's own description which scope each operation
// needs. It comes after the last of them was registered.
func describeScopes(api *huma.OpenAPI) {
	for _, path := range api.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil || op.Metadata[scopeKey] == nil {
				continue
			}
			scope, _ := op.Metadata[scopeKey].(roles.Scope)
			if scope == "" {
				continue
			}
			op.Extensions = map[string]any{"x-heed-scope": string(scope)}
			if scope != roles.AnyScope {
				op.Description = strings.TrimSpace(op.Description + "\n\nA key that has scopes needs " + string(scope) + ".")
			}
		}
	}
}
