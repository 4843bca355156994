package segment

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/mount"
)

type sourceList struct {
	Body struct {
		Sources []Source `json:"sources"`
	}
}

// Routes adds what tells of the senders, and describes the calls of the
// tracking API, which [Door.Handlers] serve.
func (d *Door) Routes(k mount.Kit) {
	see := k.Operation("sources", http.MethodGet, "/v1/sources", "What came in from other systems since the start, and what was not understood",
		[]string{"admin", "marketer", "viewer"})
	huma.Register(k.API, see, func(context.Context, *struct{}) (*sourceList, error) {
		out := &sourceList{}
		out.Body.Sources = d.Sources()
		return out, nil
	})
	for name, summary := range map[string]string{
		"identify": "Say who somebody is", "track": "Say what somebody did", "page": "Say which page somebody saw",
		"screen": "Say which screen of an app somebody saw", "group": "Say which company or household somebody belongs to",
		"alias": "Say that two ids are one person", "batch": "Many of these at once",
	} {
		op := k.Operation("segment-"+name, http.MethodPost, "/v1/"+name, summary+" (the Segment HTTP tracking API)", []string{"admin", "ingest"})
		op.Tags = []string{"events"}
		op.Description = "Send the key as the user of basic authentication. 32 KB a message, 500 KB and 2,500 messages a batch; answered after the commit. " +
			"The same messageId counts once. A batch with messages at fault keeps the others and names those in \"rejected\"."
		op.Responses = map[string]*huma.Response{
			"200": {Description: "All is committed but what \"rejected\" names"},
			"400": {Description: "Nothing was taken: the field at fault is named"},
			"429": {Description: "Come back after Retry-After seconds"},
		}
		k.API.OpenAPI().AddOperation(&op)
	}
}
