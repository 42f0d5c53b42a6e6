//! Closes connections whose clients send nothing or do not read the response.

use std::any::Any;
use std::cell::Cell;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::rt;
use actix_web::web::Bytes;
use tokio::time::Instant;

/// Maximum number of body bytes written at once, so that unread bytes are not buffered twice.
const PIECE: usize = 16 * 1024;

/// The client of a connection.
struct Client {
    /// A separate handle, which can close the connection.
    stream: TcpStream,
    /// Time since which the server waits for it to send or read; `None` while a request is
    /// processed.
    waiting_since: Cell<Option<Instant>>,
}

/// The watch of a connection, which ends with it.
struct Watch {
    client: Rc<Client>,
    task: rt::task::JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns the callback for a new connection: it closes the connection when the client makes the
/// server wait for `most`. (The framework limits only the time for the first head, and none for
/// responses.)
pub(super) fn watching(most: Duration) -> impl Fn(&dyn Any, &mut Extensions) + Clone {
    move |stream, extensions| {
        let Some(stream) = stream.downcast_ref::<rt::net::TcpStream>() else { return };
        // A body is written in pieces, and with Nagle's algorithm the last one would wait 40 ms for
        // the client's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "small pieces of answers may be delayed");
        }
        match stream.as_fd().try_clone_to_owned() {
            Ok(handle) => {
                let waiting_since = Cell::new(Some(Instant::now()));
                let client = Rc::new(Client { stream: handle.into(), waiting_since });
                let task = rt::spawn(cut(Rc::clone(&client), most));
                extensions.insert(Watch { client, task });
            }
            Err(error) => tracing::warn!(%error, "a connection is not watched"),
        }
    }
}

async fn cut(client: Rc<Client>, most: Duration) {
    while let Some(left) = client.left(most) {
        tokio::time::sleep(left).await;
    }
    // Wakes the task whether it reads or writes.
    client.stream.shutdown(Shutdown::Both).ok();
}

impl Client {
    /// Returns the remaining time, unless it is over.
    fn left(&self, most: Duration) -> Option<Duration> {
        let waited = self.waiting_since.get().map_or(Duration::ZERO, |since| since.elapsed());
        most.checked_sub(waited).filter(|left| !left.is_zero())
    }
}

/// Middleware that records when the server waits for a client. It is the outermost one, so that it
/// sees all responses.
///
/// # Errors
/// Those of the inner middleware.
pub(super) async fn noted<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let client = request.conn_data::<Watch>().map(|watch| Rc::clone(&watch.client));
    let Some(client) = client else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    client.waiting_since.set(None);
    let answered = next.call(request).await;
    client.waiting_since.set(Some(Instant::now()));
    Ok(answered?
        .map_body(|_, body| BoxBody::new(Taken { body: body.boxed(), rest: Bytes::new(), client })))
}

/// A body in pieces; each is polled after the client has read the previous ones.
struct Taken {
    body: BoxBody,
    rest: Bytes,
    client: Rc<Client>,
}

impl MessageBody for Taken {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.client.waiting_since.set(Some(Instant::now()));
        if self.rest.is_empty() {
            match ready!(self.body.as_pin_mut().poll_next(cx)) {
                Some(Ok(bytes)) => self.rest = bytes,
                end => return Poll::Ready(end),
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(piece))))
    }
}
