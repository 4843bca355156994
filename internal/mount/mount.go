// Package mount is what a package is given to add its own part to the API:
// where routes go, who may call them, and what an error may tell.
//
// It serves nothing: internal/web does, which nobody below imports.
package mount

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Kit is the place in the API that the routes of a package are given.
type Kit struct {
	API huma.API
	// Operation describes a route and who may call it.
	Operation func(id, method, path, summary string, roles []string) huma.Operation
	// Fail turns an error of the parts below into what the caller may know.
	Fail func(error) error
	// Caller names who makes a request.
	Caller func(ctx context.Context) string
	// ID gives the id of who makes a request, which no other user or key has.
	ID func(ctx context.Context) string
	// Role gives the role of who makes a request.
	Role func(ctx context.Context) string
	// Still says whether who began a request may still get more of its answer: a
	// key may have been revoked, a session have ended, while a stream goes on.
	Still func(ctx context.Context) bool
	// Session gives the sum of the secret by which who makes a request is signed
	// in; false for a key, which is not.
	Session func(ctx context.Context) ([32]byte, bool)
	// Cookie makes the cookie of a session for a while; an empty secret ends it.
	Cookie func(secret string, life time.Duration) http.Cookie
	// Read notes that who makes a request is about to see words of calls, by a
	// kind such as "search". An error is answered, and nothing shown.
	Read func(ctx context.Context, kind string, calls ...string) error
}
