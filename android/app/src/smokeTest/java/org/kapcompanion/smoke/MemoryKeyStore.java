package org.kapcompanion.smoke;

import android.os.Looper;
import android.security.keystore.KeyGenParameterSpec;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.KeyGenerator;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;

/** Robolectric has no AndroidKeyStore: keys in memory, made by the JDK, found by their alias. */
public final class MemoryKeyStore extends Provider {
    private static final Map<String, SecretKey> KEYS = new ConcurrentHashMap<>();
    private static volatile boolean askedOnMain;

    private MemoryKeyStore() {
        super("AndroidKeyStore", "1.0", "keys in memory, for tests");
        put("KeyStore.AndroidKeyStore", Store.class.getName());
        put("KeyGenerator.AES", Aes.class.getName());
    }

    static void install() {
        KEYS.clear();
        askedOnMain = false;
        Security.removeProvider("AndroidKeyStore");
        Security.addProvider(new MemoryKeyStore());
    }

    static boolean askedOnMain() {
        return askedOnMain;
    }

    /** Makes keys. */
    public static final class Aes extends KeyGeneratorSpi {
        private KeyGenParameterSpec spec;

        @Override protected void engineInit(SecureRandom random) {
            throw new ProviderException("it needs a KeyGenParameterSpec");
        }

        @Override protected void engineInit(int size, SecureRandom random) {
            engineInit(random);
        }

        @Override protected void engineInit(AlgorithmParameterSpec its, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            if (!(its instanceof KeyGenParameterSpec)) throw new InvalidAlgorithmParameterException();
            spec = (KeyGenParameterSpec) its;
        }

        @Override protected SecretKey engineGenerateKey() {
            try {
                KeyGenerator generator = KeyGenerator.getInstance("AES", "BC");
                generator.init(spec.getKeySize());
                SecretKey key = generator.generateKey();
                KEYS.put(spec.getKeystoreAlias(), key);
                return key;
            } catch (GeneralSecurityException why) {
                throw new ProviderException(why);
            }
        }
    }

    /** Keeps keys. */
    public static final class Store extends KeyStoreSpi {
        @Override public void engineLoad(InputStream stream, char[] password) {}

        @Override public Key engineGetKey(String alias, char[] password) {
            askedOnMain |= Looper.myLooper() == Looper.getMainLooper();
            return KEYS.get(alias);
        }

        @Override public boolean engineContainsAlias(String alias) {
            return KEYS.containsKey(alias);
        }

        @Override public boolean engineIsKeyEntry(String alias) {
            return KEYS.containsKey(alias);
        }

        @Override public void engineDeleteEntry(String alias) {
            KEYS.remove(alias);
        }

        @Override public Enumeration<String> engineAliases() {
            return Collections.enumeration(KEYS.keySet());
        }

        @Override public int engineSize() {
            return KEYS.size();
        }

        @Override public Date engineGetCreationDate(String alias) {
            return new Date(0);
        }

        @Override public Certificate[] engineGetCertificateChain(String alias) {
            return null;
        }

        @Override public Certificate engineGetCertificate(String alias) {
            return null;
        }

        @Override public boolean engineIsCertificateEntry(String alias) {
            return false;
        }

        @Override public String engineGetCertificateAlias(Certificate certificate) {
            return null;
        }

        @Override public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain) {
            throw new UnsupportedOperationException();
        }

        @Override public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
            throw new UnsupportedOperationException();
        }

        @Override public void engineSetCertificateEntry(String alias, Certificate certificate) {
            throw new UnsupportedOperationException();
        }

        @Override public void engineStore(OutputStream stream, char[] password) {
            throw new UnsupportedOperationException();
        }
    }
}
