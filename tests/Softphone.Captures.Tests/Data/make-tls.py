#!/usr/bin/python3
"""Writes tls.pcap and tls.keys anew: OPTIONS and its answer over TLS on loopback, once for each version and cipher, by Python's OpenSSL.

usage: make-tls.py (as root, for tcpdump; needs openssl)
"""
import os, socket, ssl, subprocess, tempfile, threading, time

HERE = os.path.dirname(os.path.realpath(__file__))
PORT = 5061
WAYS = [
    ("tls12-aes128", ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-GCM-SHA256"),
    ("tls12-aes256", ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES256-GCM-SHA384"),
    ("tls12-rsa", ssl.TLSVersion.TLSv1_2, "AES128-GCM-SHA256"),
    ("tls12-chacha", ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-CHACHA20-POLY1305"),
    ("tls12-cbc", ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-SHA"),
    ("tls13", ssl.TLSVersion.TLSv1_3, None),
]


def message(start, call, branch, more=""):
    return (f"{start}\r\nVia: SIP/2.0/TLS 127.0.0.1:40000;branch=z9hG4bK{branch}\r\nFrom: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>{more}\r\n"
            f"Call-ID: {call}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode()


def talk(context, certificate, key, name, keys, version, cipher):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    server.minimum_version = server.maximum_version = version
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.keylog_filename = keys
    if cipher:
        server.set_ciphers(cipher)
        client.set_ciphers(cipher)
    listener = socket.create_server(("127.0.0.1", PORT), reuse_port=True)

    def serve():
        plain, _ = listener.accept()
        with server.wrap_socket(plain, server_side=True) as one:
            for number in (1, 2):
                one.recv(4096)
                one.sendall(message("SIP/2.0 200 OK", f"{name}-{number}", f"{name}{number}", ";tag=b"))
            one.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    with client.wrap_socket(socket.create_connection(("127.0.0.1", PORT))) as one:
        for number in (1, 2):
            one.sendall(message("OPTIONS sip:bob@example.com SIP/2.0", f"{name}-{number}", f"{name}{number}"))
            one.recv(4096)
        print(name, one.cipher())
    thread.join()
    listener.close()


def main():
    capture, keys = os.path.join(HERE, "tls.pcap"), os.path.join(HERE, "tls.keys")
    for old in (capture, keys):
        if os.path.exists(old):
            os.unlink(old)
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = f"{folder}/c.pem", f"{folder}/k.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        dump = subprocess.Popen(["tcpdump", "-i", "lo", "-U", "-s", "0", "-Z", "root", "-w", capture, f"tcp port {PORT}"], stderr=subprocess.PIPE)
        while b"listening" not in dump.stderr.readline():
            pass
        for name, version, cipher in WAYS:
            talk(None, certificate, key, name, keys, version, cipher)
        # OpenSSL's own client changes its keys in between (RFC 8446 section 4.6.3): a line of K, and K asks the other side too.
        server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{PORT}", "-cert", certificate, "-key", key, "-tls1_3", "-rev", "-quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        client = subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{PORT}", "-tls1_3", "-keylogfile", f"{folder}/more"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.7)
        for text in (message("OPTIONS sip:bob@example.com SIP/2.0", "update-1", "u1"), b"K\n", message("OPTIONS sip:bob@example.com SIP/2.0", "update-2", "u2"), b"Q\n"):
            client.stdin.write(text)
            client.stdin.flush()
            time.sleep(0.5)
        client.wait(5)
        server.terminate()
        server.wait()
        time.sleep(0.5)
        dump.terminate()
        dump.wait()
        with open(keys, "a") as all_keys:
            all_keys.write(open(f"{folder}/more").read())


if __name__ == "__main__":
    main()
