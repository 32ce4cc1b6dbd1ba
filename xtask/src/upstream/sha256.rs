//! SHA-256, to record which text a pin was made from. It protects nothing, hence no crate for it.

/// The checksum of a text in hexadecimal.
pub fn of(text: &[u8]) -> String {
    let primes = (2..312_u16).filter(|n| (2..*n).all(|m| n % m != 0)).map(f64::from);
    let mut state: Vec<u32> = primes.clone().take(8).map(|prime| fraction(prime.sqrt())).collect();
    let constants: Vec<u32> = primes.map(|prime| fraction(prime.cbrt())).collect();
    let mut message = text.to_vec();
    message.push(0x80);
    message.resize((text.len() + 9).next_multiple_of(64), 0);
    let end = message.len() - 8;
    message[end..].copy_from_slice(&(text.len() as u64 * 8).to_be_bytes());
    for block in message.chunks_exact(64) {
        compress(&mut state, &constants, block);
    }
    state.iter().fold(String::new(), |sum, word| sum + &format!("{word:08x}"))
}

/// The first 32 bits of the fraction of a root.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of 32 bits")]
fn fraction(root: f64) -> u32 {
    (root.fract() * 32_f64.exp2()) as u32
}

fn compress(state: &mut [u32], constants: &[u32], block: &[u8]) {
    let mut words: Vec<u32> =
        block.chunks_exact(4).map(|word| word.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))).collect();
    for at in 16..64 {
        let (a, b) = (words[at - 15], words[at - 2]);
        let low = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
        let high = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
        words.push(words[at - 16].wrapping_add(low).wrapping_add(words[at - 7]).wrapping_add(high));
    }
    let mut now: Vec<u32> = state.to_vec();
    for (word, constant) in words.iter().zip(constants) {
        let (a, e) = (now[0], now[4]);
        let high = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & now[5]) ^ (!e & now[6]);
        let first = [high, choice, *constant, *word].iter().fold(now[7], |sum, part| sum.wrapping_add(*part));
        let low = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & now[1]) ^ (a & now[2]) ^ (now[1] & now[2]);
        now.rotate_right(1);
        now[4] = now[4].wrapping_add(first);
        now[0] = first.wrapping_add(low).wrapping_add(majority);
    }
    state.iter_mut().zip(now).for_each(|(old, new)| *old = old.wrapping_add(new));
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_checksums() {
        let checked = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ];
        for (text, sum) in checked {
            assert_eq!(super::of(text.as_bytes()), sum, "{text}");
        }
    }
}
