package app

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"heed/insights"
	"heed/insights/redact"
	"heed/internal/comments"
	commentsapi "heed/internal/comments/api"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/excerpt"
	excerptapi "heed/internal/excerpt/api"
	exportapi "heed/internal/export/api"
	"heed/internal/mount"
	"heed/internal/store"
)

// exportRoutes are what may be taken out of Heed as files.
func (a *App) exportRoutes(d *desk.Desk) func(mount.Kit) {
	return exportapi.Routes(exportapi.Options{
		Search: a.parts.index, Desk: d,
		Calls: func(ctx context.Context, status, customer, after string) ([]desk.Line, string, error) {
			return d.Calls(ctx, store.CallQuery{Status: event.CallStatus(status), CustomerID: customer, After: after, Limit: 500})
		},
		ThemeCalls: a.parts.themes.Calls,
		Link:       a.callLink, Note: a.parts.store.NoteTaken, Rows: int64(a.o.Config.Limits.ExportRows),
	})
}

// excerptRoutes are what may be taken out of one call.
func (a *App) excerptRoutes(d *desk.Desk) func(mount.Kit) {
	kept := recordings{a.recordingDir(), a.parts.store.Vault()}
	return excerptapi.Routes(excerptapi.Options{
		Excerpts: excerpt.New(excerpt.Options{Said: d.Said, Recording: kept.Open, Longest: a.o.Config.Limits.Clip}),
		Call:     a.parts.store.Call, Note: a.parts.store.NoteTaken,
	})
}

// commentRoutes are what people write beside a call.
func (a *App) commentRoutes() func(mount.Kit) {
	return commentsapi.Routes(comments.New(comments.Options{
		Store: a.parts.store, Now: a.o.Now,
		Redact: func(text string) string {
			u, _, _ := redact.New(a.policy).Final(insights.Utterance{Speaker: insights.Agent, Text: text})
			return u.Text
		},
	}))
}

// callLink is the address of a second of a call, for people.
func (a *App) callLink(callID string, second float64) string {
	base := strings.TrimSuffix(cmp.Or(a.o.Config.PublicURL, a.URL()), "/")
	if second <= 0 {
		return base + "/calls/" + url.PathEscape(callID)
	}
	return fmt.Sprintf("%s/calls/%s?t=%.1f", base, url.PathEscape(callID), second)
}
