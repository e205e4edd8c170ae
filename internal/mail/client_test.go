package mail

import (
	"bufio"
	"context"
	"io"
	"mime"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// post is a mail server of one line each: what it answers to a verb, 250 for those it is not told about.
type post struct {
	answers map[string]string
	mu      sync.Mutex
	got     []string // the messages
	verbs   []string
}

func (p *post) start(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.talk(conn)
		}
	}()
	return l.Addr().String()
}

func (p *post) mails() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

func (p *post) talk(conn net.Conn) {
	defer conn.Close() //nolint:errcheck // the other side may be gone
	t := textproto.NewConn(conn)
	say := func(verb, usual string) bool {
		p.mu.Lock()
		said, told := p.answers[verb]
		p.mu.Unlock()
		if told {
			usual = said
		}
		return usual != "" && t.PrintfLine("%s", usual) == nil
	}
	if !say("greeting", "220 hello") {
		_, _ = io.Copy(io.Discard, conn) // silence, until the caller hangs up
		return
	}
	for {
		line, err := t.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(line, " ")
		p.mu.Lock()
		p.verbs = append(p.verbs, line)
		p.mu.Unlock()
		switch verb {
		case "EHLO":
			say(verb, "250-hello\r\n250 AUTH PLAIN")
		case "AUTH":
			say(verb, "235 ok")
		case "DATA":
			if !say(verb, "354 go on") {
				return
			}
			raw, _ := io.ReadAll(textproto.NewReader(bufio.NewReader(t.R)).DotReader())
			p.mu.Lock()
			p.got = append(p.got, string(raw))
			p.mu.Unlock()
			if !say("end", "250 taken") {
				return
			}
		case "QUIT":
			say(verb, "221 bye")
			return
		default:
			say(verb, "250 ok")
		}
	}
}

func client(addr string) *Client {
	return New(Config{Addr: addr, Security: Plain, User: "u", Password: "secret", From: "desk@luma.example", Timeout: time.Second, BreakerFailures: 3, BreakerPause: time.Hour})
}

func letter() Message {
	return Message{ID: "id-1", To: "salma@luma.example", Subject: "موعد اليوم، بعد ساعتين\r\nBcc: all@luma.example", Text: "مرحبًا سلمى،\n.\nنهاية <b>", Language: "ar", Date: time.Date(2026, 10, 8, 11, 0, 0, 0, time.UTC)}
}

func TestAnArabicMail(t *testing.T) {
	p := &post{}
	if err := client(p.start(t)).Send(context.Background(), letter()); err != nil {
		t.Fatal(err)
	}
	msg, err := mail.ReadMessage(strings.NewReader(p.mails()[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != "موعد اليوم، بعد ساعتين  Bcc: all@luma.example" {
		t.Errorf("subject %q, error %v", subject, err)
	}
	if msg.Header.Get("Bcc") != "" || msg.Header.Get("To") != "salma@luma.example" || msg.Header.Get("Message-ID") != "<id-1@luma.example>" {
		t.Errorf("headers %v", msg.Header)
	}
	if !strings.Contains(p.mails()[0], `dir=3D"rtl"`) || strings.Contains(p.mails()[0], "<b>") && !strings.Contains(p.mails()[0], "&lt;b&gt;") {
		t.Errorf("the HTML part is not right:\n%s", p.mails()[0])
	}
	for line := range strings.Lines(p.mails()[0]) {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

func TestWhatFailuresMean(t *testing.T) {
	for _, c := range []struct {
		name      string
		answers   map[string]string
		to        string
		code      string
		temporary bool
	}{
		{"nobody there", map[string]string{"RCPT": "550 no such user salma@luma.example"}, "", "smtp_550", false},
		{"busy", map[string]string{"end": "451 later"}, "", "smtp_451", true},
		{"refused", map[string]string{"end": "554 no"}, "", "smtp_554", false},
		{"wrong password", map[string]string{"AUTH": "535 no"}, "", CodeLogin, false},
		{"nonsense", map[string]string{"greeting": "<html>"}, "", CodeNoConnection, true},
		{"silence", map[string]string{"greeting": ""}, "", CodeNoConnection, true},
		{"hangs up behind the message", map[string]string{"end": ""}, "", CodeNoAnswer, true},
		{"two recipients", nil, "a@luma.example, b@luma.example", CodeNotAddressed, false},
		{"a header in the address", nil, "a@luma.example\r\nBcc: b@luma.example", CodeNotAddressed, false},
	} {
		m := letter()
		if c.to != "" {
			m.To = c.to
		}
		err := client((&post{answers: c.answers}).start(t)).Send(context.Background(), m)
		if Code(err) != c.code || Temporary(err) != c.temporary {
			t.Errorf("%s: got %v (temporary %t), want %s %t", c.name, err, Temporary(err), c.code, c.temporary)
		}
		if err != nil && (strings.Contains(err.Error(), "luma") || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %q tells an address or a secret", c.name, err)
		}
	}
}

func TestNothingIsSaidInClearUnlessAllowed(t *testing.T) {
	p := &post{}
	c := New(Config{Addr: p.start(t), User: "u", Password: "secret", From: "desk@luma.example", Timeout: time.Second})
	if err := c.Check(context.Background()); Code(err) != CodeNoTLS {
		t.Errorf("got %v, want %s", err, CodeNoTLS)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if strings.Contains(strings.Join(p.verbs, " "), "AUTH") {
		t.Errorf("a password was offered in clear: %q", p.verbs)
	}
}

func TestTheBreakerOpensAndIsClosed(t *testing.T) {
	p := &post{answers: map[string]string{"greeting": "421 away"}}
	c := client(p.start(t))
	for range 3 {
		if err := c.Check(context.Background()); Code(err) != "smtp_421" {
			t.Fatalf("got %v", err)
		}
	}
	if err := c.Check(context.Background()); Code(err) != CodeBreakerOpen || !Temporary(err) {
		t.Errorf("got %v, want %s", err, CodeBreakerOpen)
	}
	p.mu.Lock()
	p.answers["greeting"] = "220 back"
	p.mu.Unlock()
	c.Breaker().Forget()
	if err := c.Check(context.Background()); err != nil || len(p.mails()) != 0 {
		t.Errorf("after the breaker was closed: %v, %d mails", err, len(p.mails()))
	}
}

// The first mail to an address is often put off; that says nothing of the server.
func TestARecipientWhoIsPutOffOpensNoBreaker(t *testing.T) {
	p := &post{answers: map[string]string{"RCPT": "450 greylisted, come back"}}
	c := client(p.start(t))
	for range 4 {
		if err := c.Send(context.Background(), letter()); Code(err) != "smtp_450" || !Temporary(err) {
			t.Fatalf("got %v", err)
		}
	}
	p.mu.Lock()
	p.answers["RCPT"] = "421 closing"
	p.mu.Unlock()
	for range 3 {
		if err := c.Send(context.Background(), letter()); Code(err) != "smtp_421" {
			t.Fatalf("got %v", err)
		}
	}
	if err := c.Send(context.Background(), letter()); Code(err) != CodeBreakerOpen {
		t.Errorf("a server that takes nothing: %v, want %s", err, CodeBreakerOpen)
	}
}

func TestASlowServerKeepsAFewCallersOnly(t *testing.T) {
	inside, open := make(chan struct{}), make(chan struct{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	p := &post{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				inside <- struct{}{}
				<-open
				p.talk(conn)
			}()
		}
	}()
	c := client(l.Addr().String())
	c.cfg.Timeout = time.Minute
	ends := make(chan error)
	for range cap(c.places) {
		go func() { ends <- c.Check(context.Background()) }()
		<-inside
	}
	for range 5 { // more than open the breaker
		if err := c.Check(context.Background()); Code(err) != CodeBusy || !Temporary(err) {
			t.Errorf("one more: %v, want %s", err, CodeBusy)
		}
	}
	close(open)
	for range cap(c.places) {
		if err := <-ends; err != nil {
			t.Errorf("one of the first: %v", err)
		}
	}
}
