package api_test

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
	"heed/internal/store"
)

func newKit(a huma.API, user func(interface{ Value(any) any }) store.User) mount.Kit {
	return mount.Kit{
		API: a,
		Operation: func(id, method, path, summary string, roles []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Metadata: map[string]any{"roles": roles}}
		},
		Fail: func(err error) error {
			if errors.Is(err, store.ErrNotFound) {
				return huma.Error404NotFound("there is nothing with this id")
			}
			return huma.Error500InternalServerError(err.Error())
		},
		Caller: func(ctx context.Context) string { return user(ctx).Name },
		ID:     func(ctx context.Context) string { return user(ctx).ID },
		Role:   func(ctx context.Context) string { return user(ctx).Role },
		Session: func(ctx context.Context) ([32]byte, bool) {
			v, _ := ctx.Value(callerKey{}).([2]any)
			r, ok := v[1].(*http.Request)
			if !ok {
				return store.Hash{}, false
			}
			c, err := r.Cookie(cookieName)
			if err != nil {
				return store.Hash{}, false
			}
			return store.HashOf(c.Value), true
		},
		Cookie: func(secret string, _ time.Duration) http.Cookie {
			return http.Cookie{Name: cookieName, Value: secret, Path: "/", HttpOnly: true}
		},
	}
}
