package siprec

import (
	"strconv"

	"github.com/emiago/sipgo/sip"
)

// refusal is a final answer that is no 200.
type refusal struct {
	code    int
	phrase  string
	why     string // for the caller's operator, as a Warning; may be empty
	meter   string
	headers []sip.Header
}

var _ error = (*refusal)(nil)

// Error is what was wrong.
func (r *refusal) Error() string { return strconv.Itoa(r.code) + " " + r.phrase + ": " + r.why }

func refuse(code int, phrase, meter, why string, headers ...sip.Header) *refusal {
	return &refusal{code, phrase, why, meter, headers}
}

func badRequest(why string) *refusal {
	return refuse(sip.StatusBadRequest, "Bad Request", "malformed", why)
}

func unacceptable(why string) *refusal {
	return refuse(sip.StatusNotAcceptableHere, "Not Acceptable Here", "media", why)
}

func unsupportedMedia(why string) *refusal {
	return refuse(sip.StatusUnsupportedMediaType, "Unsupported Media Type", "type", why,
		sip.NewHeader("Accept", accepted), sip.NewHeader("Accept-Encoding", "identity"))
}

func unavailable(meter, why string) *refusal {
	return refuse(sip.StatusServiceUnavailable, "Service Unavailable", meter, why, sip.NewHeader("Retry-After", "10"))
}

func unknownDialog() *refusal {
	return refuse(sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist", "dialog", "")
}

// respond writes the answer.
func (r *refusal) respond(req *sip.Request, tx sip.ServerTransaction) {
	res := sip.NewResponseFromRequest(req, r.code, r.phrase, nil)
	for _, h := range r.headers {
		res.AppendHeader(h)
	}
	if r.why != "" {
		res.AppendHeader(sip.NewHeader("Warning", `399 heed "`+r.why+`"`))
	}
	_ = tx.Respond(res) // who asked asks again
}
